"""A whole release on this machine: real containers, real registry, real scripts; only AWS is emulated."""
