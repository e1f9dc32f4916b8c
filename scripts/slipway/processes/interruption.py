"""Runs asynchronous work so that a signal ends it in one way: everything is stopped and cleaned up first."""

import asyncio
import sys
from collections.abc import Coroutine
from types import FrameType
from typing import Any, TypeVar

from slipway.processes.signals import handling

T = TypeVar("T")
STOPPING = "\nstopping: what runs may save its state and release its lock; interrupt again to kill it\n"


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

    def on_signal(_signal: int, _frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(stop)

    with handling(on_signal):
        return await work
