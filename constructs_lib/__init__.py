"""Constructs for AWS, one idea per file, with secure defaults; each can be used on its own."""

from constructs_lib.engine.bindings import make_lazy

make_lazy()
