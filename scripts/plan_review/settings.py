"""Reads review.toml: severities of rules, and which findings are acknowledged, why, and until when.

    [severity]
    "exposure.web" = "medium"          # block, high, medium or low; rules are listed in docs/review.md

    [[acknowledge]]
    rule = "state.replaced"            # one rule
    address = "aws_ecr_repository.*"   # a resource's address; * is the only wildcard
    stack = "my-app-foundation"        # optional: a stack, with * as wildcard. Default: every stack.
    reason = "The images were copied to the new repository on 1 December."
    expires = 2026-12-24               # the last day on which it is valid

An acknowledgement that is expired or unused is a finding itself.
"""

import json
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from difflib import get_close_matches

from plan_review.counts import counted
from plan_review.errors import ExplainedError
from plan_review.finding import Severity
from plan_review.rules.table import RULES

_TABLES = ("severity", "acknowledge")
_KEYS = ("rule", "address", "reason", "expires", "stack")
_NEEDED = {
    "rule": 'add rule = "state.replaced"',
    "address": "add address, as the review shows it",
    "reason": "add a reason why it may pass",
    "expires": "add the last day on which it is valid, such as expires = 2026-12-24",
}
_SHORTEST_REASON = 10
_LONGEST = 80  # characters of a key or a value in a message
_CHOICES = "must be one of " + ", ".join(f'"{severity}"' for severity in Severity)
_BARE = re.compile(r"[A-Za-z0-9_-]+")


@dataclass(frozen=True)
class Acknowledgement:
    """An acknowledgement of findings of one rule.

    address, stack: with ``*`` as wildcard. expires: the last day on which it is valid.
    """

    rule: str
    address: str
    reason: str
    expires: date
    stack: str = "*"


@dataclass(frozen=True)
class ReviewSettings:
    """The settings in review.toml; without the file, nothing is overridden or acknowledged."""

    severities: Mapping[str, Severity] = field(default_factory=dict)
    acknowledgements: tuple[Acknowledgement, ...] = ()
    file: str = "review.toml"


def parse(text: str, *, file: str = "review.toml") -> ReviewSettings:
    """The settings that a review.toml holds; ``file`` is what messages call it. Raises ExplainedError."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ExplainedError(f"{file} is not valid TOML: {error}") from None
    except (ValueError, RecursionError):
        raise ExplainedError(f"{file} is not valid TOML") from None
    if mistakes := [f"  {mistake}" for mistake in _mistakes(data)]:
        raise ExplainedError("\n".join([f"{file} has {counted(len(mistakes), 'mistake')}:", *mistakes]))
    severities = {rule: Severity(word) for rule, word in data.get("severity", {}).items()}
    return ReviewSettings(
        severities, tuple(Acknowledgement(**entry) for entry in data.get("acknowledge", [])), file
    )


def _mistakes(data: Mapping[str, object]) -> Iterator[str]:
    """Every mistake as a line, in the order of the file."""
    for key, value in data.items():
        if key not in _TABLES:
            yield _mistake(_quoted(key), value, _unknown_key(key, _TABLES))
        elif key == "severity":
            yield from _severities(value)
        else:
            yield from _acknowledgements(value)


def _severities(table: object) -> Iterator[str]:
    if not isinstance(table, Mapping):
        yield _mistake("severity", table, "must be a table: write [severity] above its rules")
        return
    for rule, word in table.items():
        key = f"severity.{_quoted(rule)}"
        if isinstance(word, Mapping):
            right = f"{rule}.{next(iter(word), '…')}"
            yield _mistake(key, word, f'write the rule in quotes: "{right}"')
            continue
        if mistake := _no_rule(rule):
            yield _mistake(key, word, mistake)
        if word not in list(Severity):
            yield _mistake(key, word, _CHOICES)


def _acknowledgements(listed: object) -> Iterator[str]:
    if not isinstance(listed, list) or not all(isinstance(entry, Mapping) for entry in listed):
        yield _mistake("acknowledge", listed, "must be a list of tables: write [[acknowledge]] above each")
        return
    for n, table in enumerate(listed):
        for key, value in table.items():
            if mistake := _of_key(key, value):
                yield _mistake(f"acknowledge[{n}].{_quoted(key)}", value, mistake)
        for key, needed in _NEEDED.items():
            if key not in table:
                yield f"acknowledge[{n}].{key}: is missing; {needed}"


def _of_key(key: str, value: object) -> str | None:
    """What is wrong with the value of an acknowledgement's key; None if it is valid."""
    if key not in _KEYS:
        return _unknown_key(key, _KEYS)
    if key == "expires":
        right = isinstance(value, date) and not isinstance(value, datetime)
        return None if right else "must be a date without quotes, such as 2026-12-24"
    return _of_text(key, value) if isinstance(value, str) else "must be text in quotes"


def _of_text(key: str, value: str) -> str | None:
    match key:
        case "rule":
            return _no_rule(value)
        case "address" if value and not value.strip("*. "):  # that of a finding about a plan is empty
            return "matches every finding of the rule; to allow all of them, lower the rule under [severity]"
        case "reason" if len(value.strip()) < _SHORTEST_REASON:
            return "must be a sentence that says why the finding may pass"
        case "stack" if not value:
            return 'must be the name of a stack, or "*" for all'
    return None


def _no_rule(rule: str) -> str | None:
    if rule in RULES:
        return None
    guess = _nearest(rule, RULES)
    return f"is not a rule; {f'did you mean {guess}?' if guess else 'see the list in docs/review.md'}"


def _unknown_key(key: str, known: tuple[str, ...]) -> str:
    guess = _nearest(key, known)
    hint = f"did you mean {guess}?" if guess else f"known keys: {', '.join(known)}"
    return f"unknown key; {hint}"


def _nearest(word: str, known: Iterable[str]) -> str | None:
    return next(iter(get_close_matches(word, known, n=1, cutoff=0.6)), None)


def _mistake(key: str, value: object, right: str) -> str:
    """A mistake in one line: the key, the value unless it is a table, and what is right."""
    shown = "" if isinstance(value, Mapping) else f" = {_shortened(_shown(value))}"
    return f"{key}{shown}: {right}"


def _shown(value: object) -> str:
    """A value as TOML."""
    match value:
        case list():
            return f"[{', '.join(_within(element) for element in value)}]"
        case bool():
            return "true" if value else "false"
        case int() if value.bit_length() > 128:
            return "(a very large number)"
        case datetime() | date() | time():
            return value.isoformat()
        case str():
            return json.dumps(value, ensure_ascii=not value.isprintable())
        case _:
            return str(value)


def _within(value: object) -> str:
    return (
        "{…}" if isinstance(value, Mapping) else "…" if isinstance(value, list) else _shortened(_shown(value))
    )


def _quoted(key: str) -> str:
    """A key as TOML."""
    return _shortened(key if _BARE.fullmatch(key) else _shown(key))


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
