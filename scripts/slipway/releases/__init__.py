"""Releases: what was deployed, what can be deployed, and rollbacks."""
