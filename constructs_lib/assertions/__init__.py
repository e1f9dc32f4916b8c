"""The parts that ``constructs_lib.testing`` is made of: finding, comparing, reading policies."""
