"""Runs two coroutines at the same time."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

S = TypeVar("S")
T = TypeVar("T")


async def together(one: Coroutine[Any, Any, S], other: Coroutine[Any, Any, T]) -> tuple[S, T]:
    """Runs both and returns their results; if one fails, cancels the other and raises that error."""
    tasks = asyncio.ensure_future(one), asyncio.ensure_future(other)
    try:
        return await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
