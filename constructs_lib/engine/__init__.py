"""Loads cdktf and the AWS bindings fast; constructs know nothing of it, and work without it."""
