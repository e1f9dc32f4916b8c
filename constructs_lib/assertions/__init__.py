"""The parts of ``constructs_lib.testing``: looking up resources, comparing them, reading policies."""
