"""A mistake in pipeline.toml, and how all of them are told to a person."""

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from typing import NamedTuple, TypeAlias

Path: TypeAlias = tuple[str | int, ...]
Finding: TypeAlias = tuple[Path, str]
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_LONGEST = 80


class Problem(NamedTuple):
    """One mistake: where it is, the value received, and what would be right."""

    key: str
    """The key as a person would say it, ``environments.prod.cidr``; empty for the file as a whole."""
    value: str | None
    """The value as it would stand in the file; None where there is none, or it is a whole table."""
    message: str
    """What is wrong with it, and what would be right."""

    def __str__(self) -> str:
        place = self.key if self.value is None else f"{self.key} = {self.value}"
        return f"{place}: {self.message}" if place else self.message


class SettingsError(Exception):
    """The settings cannot be used; its text says everything that is wrong, for people."""

    def __init__(self, file: str, problems: Sequence[Problem]) -> None:
        self.file = file
        self.problems = tuple(problems)
        count = "1 mistake" if len(self.problems) == 1 else f"{len(self.problems)} mistakes"
        super().__init__("\n".join([f"{file} has {count}:", *(f"  {problem}" for problem in self.problems)]))


class Unreadable(SettingsError):
    """The file holds no TOML at all, or there is no file."""

    def __init__(self, file: str, message: str) -> None:
        super().__init__(file, [Problem("", None, message)])
        self.args = (f"{file} {message}",)


def find(data: object, path: Path) -> object:
    """The value at a path, None if there is none."""
    for part in path:
        if isinstance(data, Mapping):
            data = data.get(part)
        elif isinstance(data, list | tuple) and isinstance(part, int) and part < len(data):
            data = data[part]
        else:
            return None
    return data


def position(data: object, path: Path) -> list[int]:
    """Where a path stands in the file, for sorting; what is missing comes after what is there."""
    found: list[int] = []
    for n, part in enumerate(path):
        table = find(data, path[:n])
        if isinstance(table, Mapping):
            keys = list(table)
            found.append(keys.index(part) if part in table else len(keys))
        else:
            found.append(part if isinstance(part, int) else 0)
    return found


def shown(value: object, *, within: bool = False) -> str | None:
    """A value as it would stand in the file, shortened; None for a table."""
    match value:
        case Mapping():
            return "{…}" if within else None
        case list() | tuple():
            line = "…" if within else f"[{', '.join(str(shown(each, within=True)) for each in value)}]"
        case bool():
            line = "true" if value else "false"
        case int() if value.bit_length() > 128:
            line = "(an enormous number)"
        case datetime() | date() | time():
            line = value.isoformat()
        case str():
            line = json.dumps(value, ensure_ascii=not value.isprintable())
        case _:
            line = str(value)
    return _shortened(line)


def key_of(path: Path, names: Mapping[int, str]) -> str:
    """A path as a person would say it, an environment by its name where it has one."""
    key = ""
    for n, part in enumerate(path):
        word = names.get(part, part) if isinstance(part, int) and path[:n] == ("environments",) else part
        key += f"[{word}]" if isinstance(word, int) else f".{_quoted(word)}"
    return key.removeprefix(".")


def _quoted(word: str) -> str:
    """A key as it would stand in the file."""
    written = word if _BARE.fullmatch(word) else json.dumps(word, ensure_ascii=not word.isprintable())
    return _shortened(written)


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def remark(text: object) -> str:
    """What a person may not see in a text: a letter of another alphabet, a character without a shape."""
    if not isinstance(text, str):
        return ""
    odd = list(dict.fromkeys(each for each in text if each > "~"))[:3]
    named = [f"U+{ord(each):04X} {unicodedata.name(each, 'no character')}" for each in odd]
    said = f"; it has {', '.join(named)}" if named else ""
    if "${" in text or "%{" in text:
        said += "; Terraform would read ${ and %{ as expressions"
    return said


def told(data: Mapping[str, object], mistakes: Iterable[Finding], names: Mapping[int, str]) -> list[Problem]:
    """The mistakes as a person should read them, in the order of the file."""
    ordered = sorted(mistakes, key=lambda mistake: position(data, mistake[0]))
    return [_problem(path, find(data, path), message, names) for path, message in ordered]


def _problem(path: Path, value: object, message: str, names: Mapping[int, str]) -> Problem:
    unseen = remark(path[-1] if path and remark(path[-1]) else value)
    said = "" if "Terraform would read" in message else unseen
    return Problem(key_of(path, names), None if value is None else shown(value), message + said)
