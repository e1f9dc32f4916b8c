"""Makes the signals that ask us to end do one thing: what Ctrl-C does."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

Handler = Callable[[int, FrameType | None], object]
ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@contextmanager
def interruptible() -> Iterator[None]:
    """While it lasts, SIGTERM and SIGHUP raise KeyboardInterrupt, as Ctrl-C does."""
    with handling(signal.default_int_handler):
        yield


@contextmanager
def handling(handler: Handler) -> Iterator[None]:
    """Handle the signals so; whatever handled them before does so again afterwards."""
    before = {each: signal.getsignal(each) for each in ENDING}
    if before[signal.SIGHUP] is signal.SIG_IGN:  # started by nohup, to outlive its terminal
        del before[signal.SIGHUP]
    for each in before:
        signal.signal(each, handler)
    try:
        yield
    finally:
        for each, previous in before.items():
            signal.signal(each, previous)


@contextmanager
def deferred() -> Iterator[None]:
    """Hold the signals back while it lasts; what they ask for happens at its end.

    For starting a process: between its beginning and its being known, nobody could end it.
    """
    if threading.current_thread() is not threading.main_thread():
        yield  # signals come to the main thread only
        return
    came: list[int] = []
    with handling(lambda number, _frame: came.append(number)):
        yield
    for number in came[:1]:
        signal.raise_signal(number)
