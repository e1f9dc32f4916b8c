"""Rules for single values: each gives a message for people and the matching JSON Schema for editors."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Generic, TypeVar

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema

T = TypeVar("T")
Mistake = Callable[[T], str | None]


@dataclass(frozen=True, eq=False)
class SettingsRule(Generic[T]):
    """Metadata for ``Annotated`` that validates a value.

    mistake: returns what is expected if a value is wrong, None if it is valid.
    schema: the same rule in JSON Schema, as far as JSON Schema can express it.
    """

    mistake: Mistake[T]
    schema: dict[str, object]

    def checked(self, value: T) -> T:
        """Return the value if it is valid. Raises ValueError, whose text says what is expected."""
        if mistake := self.mistake(value):
            raise ValueError(mistake)
        return value

    def __get_pydantic_core_schema__(self, source: type, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self.checked, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, object]:
        return {**handler(schema), **self.schema}


def between(lowest: int, highest: int) -> SettingsRule[int]:
    """A rule for whole numbers from ``lowest`` to ``highest``, both included."""

    def mistake(value: int) -> str | None:
        return None if lowest <= value <= highest else f"must be between {lowest} and {highest}"

    return SettingsRule(mistake, {"minimum": lowest, "maximum": highest})


def at_least(lowest: int) -> SettingsRule[int]:
    """A rule for whole numbers that are ``lowest`` or greater."""
    return SettingsRule(
        lambda value: None if value >= lowest else f"must be at least {lowest}", {"minimum": lowest}
    )


def text(mistake: Mistake[str], pattern: str | None = None) -> SettingsRule[str]:
    """A rule for text; editors check only the ``pattern``. Default: no pattern."""
    return SettingsRule(mistake, {"pattern": f"^(?:{pattern})$"} if pattern else {"minLength": 1})


def matching(pattern: str, right: str, *, longest: int = 1024) -> SettingsRule[str]:
    """A rule for text that matches ``pattern`` as a whole.

    right: the message for text that does not match.
    longest: the maximum length in characters. Default: 1024.
    """

    def mistake(value: str) -> str | None:
        if not re.fullmatch(pattern, value):
            return right
        return None if len(value) <= longest else f"must have at most {longest} characters"

    return text(mistake, pattern)


def items(what: str, *, most: int | None = None, fold: bool = False) -> SettingsRule[tuple[str, ...]]:
    """A rule for a list that is not empty and has no duplicates.

    what: what an item is called in messages.
    most: the maximum number of items. Default: no limit.
    fold: whether upper and lower case are treated as equal. Default: no.
    """

    def mistake(values: tuple[str, ...]) -> str | None:
        if not values:
            return f"must name at least one {what}"
        if most is not None and len(values) > most:
            return f"must name at most {most}; it names {len(values)}"
        seen = [value.casefold() if fold else value for value in values]
        twice = next((value for n, value in enumerate(values) if seen[n] in seen[:n]), None)
        return None if twice is None else f'must name each {what} once; "{twice}" is listed twice'

    return SettingsRule(mistake, {"minItems": 1, "uniqueItems": True, **({"maxItems": most} if most else {})})


def nearest(value: str, known: Iterable[str]) -> str | None:
    """Return the known word that is most similar to ``value``; None if none is similar."""
    return next(iter(get_close_matches(value, list(known), n=1, cutoff=0.6)), None)
