"""Runs asynchronous work so that a signal ends it in one way: everything is stopped and cleaned up first."""

import asyncio
import sys
from collections.abc import Coroutine
from types import FrameType
from typing import Any, TypeVar

from slipway.processes.signals import handling

T = TypeVar("T")
STOPPING = "\nstopping: what runs may save its state and release its lock; interrupt again to kill it\n"

FINISHING = "\nstopping once this is done; interrupt again to stop it now\n"


def run(work: Coroutine[Any, Any, T], *, to_its_end: bool = False) -> T:
    """Run the work to its end. A signal cancels it, and KeyboardInterrupt follows its clean-up.

    A second signal cancels the clean-up too: what is stopping gracefully is then killed.
    to_its_end: the first signal cancels nothing, and KeyboardInterrupt follows the end of the work. Default:
        it cancels.
    """
    try:
        return asyncio.run(_cancelled_by_signals(work, to_its_end=to_its_end))
    except asyncio.CancelledError:
        raise KeyboardInterrupt from None


async def _cancelled_by_signals(work: Coroutine[Any, Any, T], *, to_its_end: bool) -> T:
    held_back: list[int] = []
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    assert task is not None  # a coroutine always runs in a task

    def stop() -> None:
        sys.stderr.write(STOPPING)
        task.cancel()

    def on_signal(number: int, _frame: FrameType | None) -> None:
        if to_its_end and not held_back:
            held_back.append(number)
            sys.stderr.write(FINISHING)
        else:
            loop.call_soon_threadsafe(stop)

    with handling(on_signal):
        done = await work
    if held_back:
        raise asyncio.CancelledError
    return done
