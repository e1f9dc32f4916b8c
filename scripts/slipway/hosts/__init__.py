"""The hosts of an environment: how old they are, which of them are stale, and their renewal."""
