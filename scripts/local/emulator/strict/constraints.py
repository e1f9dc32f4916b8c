"""Checks a request's parameters against AWS's API model: required members, lengths, patterns, ranges.

The messages are AWS's own ("1 validation error detected: Value 'x' at 'roleName' failed to satisfy
constraint: Member must …").
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any  # a request's parameters

from botocore.model import ListShape, MapShape, Shape, StructureShape

from local.emulator.strict.patterns import compiled

SHOWN = 128  # characters of a refused value in the message


@dataclass(frozen=True)
class Violation:
    """A value that AWS's model does not allow. member: its path, as in ``pipeline.stages.1.member.name``."""

    member: str
    value: object
    must: str

    @property
    def words(self) -> str:
        """The violation in AWS's words."""
        shown = "null" if self.value is None else f"'{str(self.value)[:SHOWN]}'"
        value = "Value" if isinstance(self.value, list | dict) else f"Value {shown}"
        return f"{value} at '{self.member}' failed to satisfy constraint: Member must {self.must}"


@dataclass(frozen=True)
class Oddity:
    """A value that may be valid but is not in the model: an unknown enum value, an unsupported pattern."""

    member: str
    value: str
    shape: str


@dataclass
class ModelCheck:
    """The findings in one request."""

    violations: list[Violation] = field(default_factory=list)
    oddities: list[Oddity] = field(default_factory=list)


def words(violations: Sequence[Violation]) -> str:
    """What AWS says of them."""
    many = "errors" if len(violations) > 1 else "error"
    return f"{len(violations)} validation {many} detected: " + "; ".join(
        violation.words for violation in violations
    )


def examine(shape: Shape | None, parameters: Mapping[str, Any]) -> ModelCheck:
    """Checks parameters against the shape of an operation's input. parameters: by the model's names."""
    found = ModelCheck()
    if shape is not None:
        for finding in _walk(shape, parameters, ""):
            if isinstance(finding, Violation):
                found.violations.append(finding)
            else:
                found.oddities.append(finding)
    return found


def _walk(shape: Shape, value: Any, path: str) -> Iterator[Violation | Oddity]:  # noqa: ANN401 - any value
    if value is None:
        return
    if isinstance(shape, StructureShape):
        if isinstance(value, Mapping) and not shape.is_document_type:
            yield from _structure(shape, value, path)
        return
    yield from _own(shape, value, path)
    if isinstance(shape, ListShape) and isinstance(value, list):
        for number, element in enumerate(value, 1):
            yield from _walk(shape.member, element, f"{path}.{number}.member")
    if isinstance(shape, MapShape) and isinstance(value, Mapping):
        for key, content in value.items():
            yield from _walk(shape.key, key, f"{path}.key")
            yield from _walk(shape.value, content, f"{path}.{key}.member")


def _structure(shape: StructureShape, value: Mapping[str, Any], path: str) -> Iterator[Violation | Oddity]:
    for name in shape.required_members:
        if value.get(name) is None:
            yield Violation(_below(path, name), None, "not be null")
    for name, member in shape.members.items():
        yield from _walk(member, value.get(name), _below(path, name))


def _below(path: str, name: str) -> str:
    member = name[:1].lower() + name[1:]
    return f"{path}.{member}" if path else member


def _own(shape: Shape, value: Any, path: str) -> Iterator[Violation | Oddity]:  # noqa: ANN401 - any value
    """Checks a value itself, not what it contains."""
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    measured: Any = None
    words = ("have value", "")
    if isinstance(value, str | bytes | list | Mapping):
        measured, words = len(value), ("have length", "")
    elif isinstance(value, int | float) and not isinstance(value, bool):
        measured = value
    if measured is not None and least is not None and measured < least:
        yield Violation(path, value, f"{words[0]} greater than or equal to {least}")
    if measured is not None and most is not None and measured > most:
        yield Violation(path, value, f"{words[0]} less than or equal to {most}")
    if isinstance(value, str):
        yield from _text(shape, value, path)


def _text(shape: Shape, value: str, path: str) -> Iterator[Violation | Oddity]:
    pattern = shape.metadata.get("pattern")
    if pattern is not None:
        try:
            if not compiled(pattern).fullmatch(value):
                yield Violation(path, value, f"satisfy regular expression pattern: {pattern}")
        except (re.error, KeyError):
            yield Oddity(path, f"pattern {pattern}", shape.name)
    known = shape.metadata.get("enum")
    if known is not None and value not in known:
        yield Oddity(path, value, shape.name)
