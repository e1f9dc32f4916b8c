"""Disables the garbage collector during a review, which keeps its millions of objects to its end."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def gc_paused() -> Iterator[None]:
    """Without the garbage collector, which would take a quarter of the time and find nothing."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.freeze()  # or its first run would look at all of them
            gc.enable()
