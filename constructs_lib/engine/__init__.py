"""Loads cdktf and the AWS bindings fast. The constructs do not depend on it, and work without it."""
