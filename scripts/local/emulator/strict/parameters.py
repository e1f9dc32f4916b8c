"""Finds values in a request's parameters."""

from collections.abc import Iterator, Mapping
from typing import Any  # a request's parameters


def values(parameters: Mapping[str, Any], path: str) -> Iterator[Any]:
    """The values at a path such as ``pipeline.stages[].actions[].name``; ``[]`` stands for each of a list."""
    name, _, rest = path.partition(".")
    every = name.endswith("[]")
    found = parameters.get(name.removesuffix("[]"))
    for each in (found or []) if every else [found]:
        if each is None:
            continue
        if rest:
            yield from values(each, rest)
        else:
            yield each


def text(value: object) -> str:
    """A text that may have come as bytes."""
    return value.decode(errors="replace") if isinstance(value, bytes) else str(value)
