"""How a gap is filled: moto finds an answer by its action's name on a class, so one put there serves."""

from collections.abc import Callable
from typing import TypeVar

Original = TypeVar("Original", bound=Callable[..., object])


def add(owner: object, *functions: Callable[..., object]) -> None:
    """Puts each function onto a class or module of moto, under its own name."""
    for function in functions:
        setattr(owner, function.__name__, function)


def wrap(owner: object, name: str, replace: Callable[[Original], Callable[..., object]]) -> None:
    """Puts in place of a function of moto what ``replace`` makes of it."""
    setattr(owner, name, replace(getattr(owner, name)))
