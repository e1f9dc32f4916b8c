"""Handles SIGINT, SIGTERM and SIGHUP alike."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

Handler = Callable[[int, FrameType | None], object]
ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@contextmanager
def interruptible() -> Iterator[None]:
    """A context in which SIGTERM and SIGHUP raise KeyboardInterrupt, as Ctrl-C does."""
    with handling(signal.default_int_handler):
        yield


@contextmanager
def handling(handler: Handler) -> Iterator[None]:
    """A context in which ``handler`` handles these signals; afterwards the previous handlers do."""
    before = {number: signal.getsignal(number) for number in ENDING}
    if before[signal.SIGHUP] is signal.SIG_IGN:  # started with nohup, to survive its terminal
        del before[signal.SIGHUP]
    for number in before:
        signal.signal(number, handler)
    try:
        yield
    finally:
        for number, previous in before.items():
            signal.signal(number, previous)


@contextmanager
def deferred() -> Iterator[None]:
    """A context that holds signals back until its end.

    For starting a process: a signal before its id is known could not end it.
    """
    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread receives signals
        return
    came: list[int] = []
    with handling(lambda number, _frame: came.append(number)):
        yield
    for number in came[:1]:
        signal.raise_signal(number)
