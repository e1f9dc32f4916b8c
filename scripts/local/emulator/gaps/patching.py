"""How a gap is filled: moto finds an answer by its action's name on a class, so one put there serves."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar  # what AWS answers is JSON

from moto.core.responses import BaseResponse

Original = TypeVar("Original", bound=Callable[..., object])


def add(owner: object, *functions: Callable[..., object]) -> None:
    """Puts each function onto a class or module of moto, under its own name."""
    for function in functions:
        setattr(owner, function.__name__, function)


def wrap(owner: object, name: str, replace: Callable[[Original], Callable[..., object]]) -> None:
    """Puts in place of a function of moto what ``replace`` makes of it."""
    setattr(owner, name, replace(getattr(owner, name)))


def page(asked: BaseResponse, name: str, found: Sequence[object], size: int) -> dict[str, Any]:
    """The part of a list that a request asks for, under its name, and the token that asks for the next."""
    start = int(asked._get_param("nextToken") or 0)
    more = {"nextToken": str(start + size)} if len(found) > start + size else {}
    return {name: found[start : start + size], **more}
