"""The hosts of an environment: their age, which of them are stale, and their renewal."""
