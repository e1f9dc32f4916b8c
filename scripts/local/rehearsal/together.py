"""Two things at the same time."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

S = TypeVar("S")
T = TypeVar("T")


async def together(one: Coroutine[Any, Any, S], other: Coroutine[Any, Any, T]) -> tuple[S, T]:
    """Does both at the same time; where one fails, the other is cancelled, and that failure is raised."""
    tasks = asyncio.ensure_future(one), asyncio.ensure_future(other)
    try:
        return await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
