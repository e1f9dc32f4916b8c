"""The status of environments and pipeline, read from AWS; nothing is changed."""
