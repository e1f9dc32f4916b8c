"""A mistake in pipeline.toml, and how mistakes are printed."""

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
    """One mistake: the key, the value received, and what is expected."""

    key: str
    """The key, such as ``environments.prod.cidr``; empty for the file as a whole."""
    value: str | None
    """The value in TOML; None if there is none, or it is a whole table."""
    message: str
    """What is wrong and what is expected."""

    def __str__(self) -> str:
        place = self.key if self.value is None else f"{self.key} = {self.value}"
        return f"{place}: {self.message}" if place else self.message


class SettingsError(Exception):
    """The settings are invalid; the text lists all mistakes, one per line."""

    def __init__(self, file: str, problems: Sequence[Problem]) -> None:
        self.file = file
        self.problems = tuple(problems)
        count = "1 mistake" if len(self.problems) == 1 else f"{len(self.problems)} mistakes"
        super().__init__("\n".join([f"{file} has {count}:", *(f"  {problem}" for problem in self.problems)]))


class Unreadable(SettingsError):
    """The file does not exist, cannot be read, or is not TOML."""

    def __init__(self, file: str, message: str) -> None:
        super().__init__(file, [Problem("", None, message)])
        self.args = (f"{file} {message}",)


def find(data: object, path: Path) -> object:
    """Return the value at a path; None if there is none."""
    for part in path:
        if isinstance(data, Mapping):
            data = data.get(part)
        elif isinstance(data, list | tuple) and isinstance(part, int) and part < len(data):
            data = data[part]
        else:
            return None
    return data


def position(data: object, path: Path) -> list[int]:
    """Return a sort key for the position of a path in the file; missing keys sort last."""
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
    """Return a value in TOML, shortened; None for a table, unless it is ``within`` a list."""
    match value:
        case Mapping():
            return "{…}" if within else None
        case list() | tuple():
            line = "…" if within else f"[{', '.join(str(shown(entry, within=True)) for entry in value)}]"
        case bool():
            line = "true" if value else "false"
        case int() if value.bit_length() > 128:
            line = "(a very large number)"
        case datetime() | date() | time():
            line = value.isoformat()
        case str():
            line = json.dumps(value, ensure_ascii=not value.isprintable())
        case _:
            line = str(value)
    return _shortened(line)


def key_of(path: Path, names: Mapping[int, str]) -> str:
    """Return a path as a dotted key; environments are named by ``names`` instead of their index."""
    key = ""
    for n, part in enumerate(path):
        word = names.get(part, part) if isinstance(part, int) and path[:n] == ("environments",) else part
        key += f"[{word}]" if isinstance(word, int) else f".{_quoted(word)}"
    return key.removeprefix(".")


def _quoted(word: str) -> str:
    """Return a key as it is written in the file, in quotes if it needs them."""
    written = word if _BARE.fullmatch(word) else json.dumps(word, ensure_ascii=not word.isprintable())
    return _shortened(written)


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def remark(text: object) -> str:
    """Return a note about characters that are easily overlooked, such as letters of another alphabet."""
    if not isinstance(text, str):
        return ""
    odd = list(dict.fromkeys(character for character in text if character > "~"))[:3]
    named = [f"U+{ord(character):04X} {unicodedata.name(character, 'no character')}" for character in odd]
    said = f"; it has {', '.join(named)}" if named else ""
    if "${" in text or "%{" in text:
        said += "; Terraform would read ${ and %{ as expressions"
    return said


def told(data: Mapping[str, object], mistakes: Iterable[Finding], names: Mapping[int, str]) -> list[Problem]:
    """Return the mistakes as problems, in the order of the file."""
    ordered = sorted(mistakes, key=lambda mistake: position(data, mistake[0]))
    return [_problem(path, find(data, path), message, names) for path, message in ordered]


def _problem(path: Path, value: object, message: str, names: Mapping[int, str]) -> Problem:
    unseen = remark(path[-1] if path and remark(path[-1]) else value)
    said = "" if "Terraform would read" in message else unseen
    return Problem(key_of(path, names), None if value is None else shown(value), message + said)
