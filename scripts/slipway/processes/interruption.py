"""Runs asynchronous work; after a signal everything is stopped and cleaned up."""

import asyncio
import sys
from collections.abc import Coroutine
from types import FrameType
from typing import Any, TypeVar

from slipway.processes.signals import handling

T = TypeVar("T")
STOPPING = (
    "\nstopping: waiting for processes to save state and release locks; press Ctrl-C again to kill them\n"
)

FINISHING = "\nstopping after this step; press Ctrl-C again to stop now\n"


def run(work: Coroutine[Any, Any, T], *, to_its_end: bool = False) -> T:
    """Run the work and return its result. A signal cancels it, and KeyboardInterrupt is raised afterwards.

    A second signal cancels the clean-up too, and kills processes that are still stopping.
    to_its_end: whether the work is completed after a first signal, before KeyboardInterrupt is raised.
        Default: False.
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
