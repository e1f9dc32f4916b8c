"""Asks AWS several things at a time, but never so many that it throttles us."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

AT_ONCE = 8  # fewer than the ten connections that a client keeps

Asked = TypeVar("Asked")
Answer = TypeVar("Answer")


def each(ask: Callable[[Asked], Answer], things: Iterable[Asked]) -> list[Answer]:
    """The answer for each thing, in their order. The first that fails ends it: no more are begun."""
    with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
        asked = [pool.submit(ask, thing) for thing in things]
        try:
            return [one.result() for one in asked]
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
