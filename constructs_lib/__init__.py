"""Building blocks for AWS, one idea a file, safe by default; each can be used by itself."""

from constructs_lib.engine.bindings import make_lazy

make_lazy()
