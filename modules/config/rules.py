"""How one value is checked in plain words, while the JSON Schema for editors learns the same rule."""

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
    """Metadata for ``Annotated``: refuses a value by saying what would be right.

    mistake: gives what would be right if the value is wrong, None if it is right.
    schema: what JSON Schema can say of the same rule.
    """

    mistake: Mistake[T]
    schema: dict[str, object]

    def checked(self, value: T) -> T:
        """The value itself, if it is right; ValueError says what would be."""
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
    """Whole numbers from the lowest to the highest, both included."""

    def mistake(value: int) -> str | None:
        return None if lowest <= value <= highest else f"must be between {lowest} and {highest}"

    return SettingsRule(mistake, {"minimum": lowest, "maximum": highest})


def at_least(lowest: int) -> SettingsRule[int]:
    """Whole numbers from the lowest up."""
    return SettingsRule(
        lambda value: None if value >= lowest else f"must be at least {lowest}", {"minimum": lowest}
    )


def text(mistake: Mistake[str], pattern: str | None = None) -> SettingsRule[str]:
    """Text; the pattern, where there is one, is what editors can tell of the rule."""
    return SettingsRule(mistake, {"pattern": f"^(?:{pattern})$"} if pattern else {"minLength": 1})


def matching(pattern: str, right: str, *, longest: int = 1024) -> SettingsRule[str]:
    """Text that the pattern describes whole."""

    def mistake(value: str) -> str | None:
        if not re.fullmatch(pattern, value):
            return right
        return None if len(value) <= longest else f"must have at most {longest} characters"

    return text(mistake, pattern)


def items(what: str, *, most: int | None = None, fold: bool = False) -> SettingsRule[tuple[str, ...]]:
    """A list that is neither empty nor says the same twice; ``what`` names one of its items.

    fold: whether capital and small letters are the same.
    """

    def mistake(values: tuple[str, ...]) -> str | None:
        if not values:
            return f"must name at least one {what}"
        if most is not None and len(values) > most:
            return f"must not name more than {most}, and names {len(values)}"
        seen = [each.casefold() if fold else each for each in values]
        twice = next((value for n, value in enumerate(values) if seen[n] in seen[:n]), None)
        return None if twice is None else f'must name each {what} once; "{twice}" stands there twice'

    return SettingsRule(mistake, {"minItems": 1, "uniqueItems": True, **({"maxItems": most} if most else {})})


def nearest(value: str, known: Iterable[str]) -> str | None:
    """The known word that a misspelt one most likely means."""
    return next(iter(get_close_matches(value, list(known), n=1, cutoff=0.6)), None)
