"""Turns the signals that ask us to end into one way of ending, in which everything is cleaned up."""

import asyncio
import signal
import sys
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any, TypeVar

T = TypeVar("T")
Handler = Callable[[int, FrameType | None], object]
STOPPING = "\nstopping: Terraform saves its state and releases its lock first; once more kills it\n"
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@contextmanager
def interruptible() -> Iterator[None]:
    """While it lasts, SIGTERM and SIGHUP raise KeyboardInterrupt, as Ctrl-C does."""
    with _handling(signal.default_int_handler):
        yield


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run the work to its end. A signal cancels it, and KeyboardInterrupt follows its clean-up.

    A second signal cancels the clean-up too: what is stopping gracefully is then killed.
    """
    try:
        return asyncio.run(_cancelled_by_signals(work))
    except asyncio.CancelledError:
        raise KeyboardInterrupt from None


async def _cancelled_by_signals(work: Coroutine[Any, Any, T]) -> T:
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    assert task is not None  # a coroutine always runs in a task

    def stop() -> None:
        sys.stderr.write(STOPPING)
        task.cancel()

    def cancel(_signal: int, _frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(stop)

    with _handling(cancel):
        return await work


@contextmanager
def _handling(handler: Handler) -> Iterator[None]:
    """Handle the signals so; whatever handled them before does so again afterwards."""
    before = {each: signal.getsignal(each) for each in SIGNALS}
    if before[signal.SIGHUP] is signal.SIG_IGN:  # started by nohup, to outlive its terminal
        del before[signal.SIGHUP]
    for each in before:
        signal.signal(each, handler)
    try:
        yield
    finally:
        for each, previous in before.items():
            signal.signal(each, previous)
