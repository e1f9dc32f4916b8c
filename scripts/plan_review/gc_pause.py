"""Keeps Python from looking for garbage: a review makes millions of objects, and needs them to its end."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def gc_paused() -> Iterator[None]:
    """Looking for garbage among them would take a quarter of the time; nor is there any afterwards."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.freeze()  # or the first look would be at all of them
            gc.enable()
