"""review.toml: how severe a rule is taken here, and which findings may pass, why, and until when.

    [severity]
    "exposure.web" = "medium"          # block, high, medium or low; rules are listed in docs/review.md

    [[acknowledge]]
    rule = "state.replaced"            # one rule
    address = "aws_ecr_repository.*"   # a resource's address; * stands for any text, nothing else does
    stack = "my-app-foundation"        # optional: one stack, * for any text; every stack, if left out
    reason = "The images were copied to the new repository on 1 December."
    expires = 2026-12-24               # the last day on which it holds

An acknowledgement that is expired, or that nothing needs, is a finding itself.
"""

import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from modules.config.problems import Finding, SettingsError, Unreadable, told
from modules.config.rules import nearest
from plan_review.finding import Severity
from plan_review.rules.table import RULES

_TABLES = ("severity", "acknowledge")
_KEYS = ("rule", "address", "reason", "expires", "stack")
_NEEDED = {
    "rule": 'add rule = "state.replaced"',
    "address": "add address, as the review shows it",
    "reason": "say why it may pass",
    "expires": "add the last day on which it holds, such as expires = 2026-12-24",
}
_SHORTEST_REASON = 10
_CHOICES = "must be one of " + ", ".join(f'"{each}"' for each in Severity)


@dataclass(frozen=True)
class Acknowledgement:
    """One finding, or several of one rule, that somebody lets pass.

    address, stack: ``*`` stands for any text. expires: the last day on which it holds.
    """

    rule: str
    address: str
    reason: str
    expires: date
    stack: str = "*"


@dataclass(frozen=True)
class ReviewSettings:
    """What review.toml says; without the file, nothing is changed and nothing acknowledged."""

    severities: Mapping[str, Severity] = field(default_factory=dict)
    acknowledgements: tuple[Acknowledgement, ...] = ()
    file: str = "review.toml"


def parse(text: str, *, file: str = "review.toml") -> ReviewSettings:
    """The settings that a review.toml holds; ``file`` is what messages call it. Raises SettingsError."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Unreadable(file, f"is not TOML: {error}") from None
    except (ValueError, RecursionError):
        raise Unreadable(file, "is not TOML that can be read") from None
    mistakes = [*_unknown_keys(data, _TABLES, ()), *_severities(data), *_acknowledgements(data)]
    if mistakes:
        raise SettingsError(file, told(data, mistakes, {}))
    severities = {rule: Severity(word) for rule, word in data.get("severity", {}).items()}
    return ReviewSettings(
        severities, tuple(Acknowledgement(**each) for each in data.get("acknowledge", [])), file
    )


def _severities(data: Mapping[str, object]) -> Iterator[Finding]:
    table = data.get("severity", {})
    if not isinstance(table, Mapping):
        yield ("severity",), "must be a table: write [severity] above its rules"
        return
    for rule, word in table.items():
        if isinstance(word, Mapping):
            yield ("severity", rule), f'write the rule in quotes: "{rule}.{next(iter(word), "…")}"'
            continue
        if mistake := _no_rule(rule):
            yield ("severity", rule), mistake
        if word not in list(Severity):
            yield ("severity", rule), _CHOICES


def _acknowledgements(data: Mapping[str, object]) -> Iterator[Finding]:
    listed = data.get("acknowledge", [])
    if not isinstance(listed, list) or not all(isinstance(each, Mapping) for each in listed):
        yield ("acknowledge",), "must be a list of tables: write [[acknowledge]] above each"
        return
    for n, each in enumerate(listed):
        yield from _unknown_keys(each, _KEYS, ("acknowledge", n))
        for key, needed in _NEEDED.items():
            if key not in each:
                yield ("acknowledge", n, key), f"is missing; {needed}"
        for key, value in each.items():
            if mistake := _value(key, value):
                yield ("acknowledge", n, key), mistake


def _value(key: str, value: object) -> str | None:
    """What would be right for a value of an acknowledgement; None if it is."""
    if key == "expires":
        right = isinstance(value, date) and not isinstance(value, datetime)
        return None if right else "must be a day without quotes, such as 2026-12-24"
    if key not in _KEYS:
        return None
    return _CHECKS[key](value) if isinstance(value, str) else "must be text in quotes"


def _address(value: str) -> str | None:
    """A finding about a whole plan has no address, so that an empty one is right."""
    if not value or value.strip("*. "):
        return None
    return "lets everything pass that the rule finds; lower the rule under [severity] if that is meant"


def _reason(value: str) -> str | None:
    if len(value.strip()) >= _SHORTEST_REASON:
        return None
    return "must say why it may pass, in a sentence for whoever reads it next year"


def _stack(value: str) -> str | None:
    return None if value else 'must name a stack, or "*" for every one'


def _no_rule(rule: str) -> str | None:
    if rule in RULES:
        return None
    guess = nearest(rule, RULES)
    return f"is no rule; {f'did you mean {guess}?' if guess else 'docs/review.md lists them'}"


_CHECKS: Mapping[str, Callable[[str], str | None]] = {
    "rule": _no_rule,
    "address": _address,
    "reason": _reason,
    "stack": _stack,
}


def _unknown_keys(
    table: Mapping[str, object], known: tuple[str, ...], at: tuple[str | int, ...]
) -> Iterator[Finding]:
    for key in table:
        if key not in known:
            guess = nearest(key, known)
            hint = f"did you mean {guess}?" if guess else f"there are {', '.join(known)}"
            yield (*at, key), f"is no key that is known here; {hint}"
