"""Finds values in a request's parameters."""

from collections.abc import Iterator, Mapping
from typing import Any  # a request's parameters


def values(parameters: Mapping[str, Any], path: str) -> Iterator[Any]:
    """The values at a path such as ``pipeline.stages[].actions[].name``; ``[]`` selects all elements."""
    name, _, rest = path.partition(".")
    every = name.endswith("[]")
    found = parameters.get(name.removesuffix("[]"))
    for value in (found or []) if every else [found]:
        if value is None:
            continue
        if rest:
            yield from values(value, rest)
        else:
            yield value


def text(value: object) -> str:
    """A value as text; bytes are decoded."""
    return value.decode(errors="replace") if isinstance(value, bytes) else str(value)
