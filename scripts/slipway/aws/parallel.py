"""Calls AWS in several threads at a time, few enough not to be throttled."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

AT_ONCE = 8  # fewer than the ten connections that a client keeps

Asked = TypeVar("Asked")
Answer = TypeVar("Answer")


def each(ask: Callable[[Asked], Answer], things: Iterable[Asked]) -> list[Answer]:
    """Call ``ask`` with each thing; the answers, in the same order.

    After the first error no more are started.
    """
    with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
        asked = [pool.submit(ask, thing) for thing in things]
        try:
            return [future.result() for future in asked]
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
