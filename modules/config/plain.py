"""Translates pydantic's errors into messages for people."""

from collections.abc import Iterator
from typing import get_args

from pydantic_core import ErrorDetails

from modules.config import settings
from modules.config.problems import Path
from modules.config.rules import nearest
from modules.config.settings import PipelineSettings, Settings

EXAMPLES = {
    "service": 'service = "my-app"',
    "account": 'account = "123456789012"',
    "region": 'region = "eu-central-1"',
    "source": '[source] with repository = "owner/name"',
    "alerts": '[alerts] with emails = ["team@example.com"]',
    "github_subjects": 'github_subjects = ["repo:owner/name:pull_request"]',
    "environments": '[[environments]] with name = "staging" and cidr = "10.20.0.0/16"',
    "name": 'name = "staging"',
    "port": "port = 5432",
    "security_group": 'security_group = "sg-0123456789abcdef0"',
}
LISTS = {("environments",), ("environments", "egress")}
"""The tables that may occur more than once."""
ACCOUNT_DIGITS = 12
CHOICES = {
    "zones": "must be a number of zones, or a list of their names",
    "deployment": (
        'must be "one_at_a_time", "half_at_a_time", "all_at_once", or { hosts = … } or { percent = … }'
    ),
}
_BRANCHES = (settings.COUNT, settings.NAMES, settings.SPEED, settings.HEALTHY)


def path_of(error: ErrorDetails) -> Path:
    """Return the path of an error in the file: pydantic's location without the branches of unions."""
    path = error["loc"]
    return tuple(
        part for n, part in enumerate(path) if part not in _BRANCHES or n == 0 or path[n - 1] not in CHOICES
    )


def message_of(error: ErrorDetails) -> str:
    """Return what is wrong and what is expected."""
    path, kind = path_of(error), error["type"]
    if kind == "value_error":
        return str(error["ctx"]["error"])
    if kind == "missing":
        return f"is missing; add {EXAMPLES[str(path[-1])]}"
    if kind == "extra_forbidden":
        return _unknown(path)
    if path[-1] in CHOICES:
        return CHOICES[str(path[-1])]
    if kind == "literal_error":
        return "must be " + str(error["ctx"]["expected"]).replace("'", '"')
    return _text(path, error["input"]) if kind == "string_type" else _wrong_type(kind, path)


def _text(path: Path, value: object) -> str:
    """Return the message for a value that must be text; usually only its quotes are missing."""
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**20:
        if path[-1] == "account":
            shown = str(value) if len(str(value)) == ACCOUNT_DIGITS else "123456789012"
            return f'must be in quotes, with all its 12 digits, such as "{shown}"'
        return f'must be text in quotes: "{value}"'
    return "must be text in quotes"


def _wrong_type(kind: str, path: Path) -> str:
    match kind:
        case "tuple_type" if _names(path) in LISTS:
            return f"must be a list of tables: write {_heading(_names(path))} above each"
        case "tuple_type":
            return "must be a list in square brackets"
        case "model_type" | "dict_type":
            return "must be a table of keys and values"
        case "bool_type":
            return "must be true or false, without quotes"
        case "float_type":
            return "must be a number, without quotes"
        case _:
            return "must be a whole number, without quotes or a decimal point"


def _unknown(path: Path) -> str:
    """Return the message for an unknown key: the table it belongs in, or the most similar key."""
    key, table = str(path[-1]), table_at(path[:-1])
    known = list(table.model_fields)
    if home := _home(key):
        return f"unknown key; {home}"
    if guess := nearest(key, known):
        return f"unknown key; did you mean {guess}?"
    return f"unknown key; the keys are {', '.join(known)}"


def _home(key: str) -> str | None:
    """Return where a key of another table belongs; None if no table has such a key."""
    if key in PipelineSettings.model_fields:
        table = table_in(PipelineSettings.model_fields[key].annotation)
        if table is None:
            return "it belongs at the top of the file, above the first [table]"
        return f"it is a table of its own: {_heading((key,))}"
    found = list(_places(key, PipelineSettings, ()))
    return f"it belongs in {' or '.join(found)}" if found else None


def _places(key: str, table: type[Settings], at: tuple[str, ...]) -> Iterator[str]:
    """Yield the headings of the tables below ``table`` that have the key."""
    for name, field in table.model_fields.items():
        below = table_in(field.annotation)
        if below:
            if key in below.model_fields:
                yield _heading((*at, name))
            yield from _places(key, below, (*at, name))


def _heading(path: tuple[str, ...]) -> str:
    """Return the heading of a table as it is written in the file."""
    heading = f"[{'.'.join(path)}]"
    return f"[{heading}]" if path in LISTS else heading


def _names(path: Path) -> tuple[str, ...]:
    """Return a path without list indexes."""
    return tuple(part for part in path if isinstance(part, str))


def table_in(annotation: object) -> type[Settings] | None:
    """Return the class of the table in a field's type; None if there is none."""
    if isinstance(annotation, type) and issubclass(annotation, Settings):
        return annotation
    return next((found for argument in get_args(annotation) if (found := table_in(argument))), None)


def table_at(path: Path) -> type[Settings]:
    """Return the class of the table at a path."""
    table: type[Settings] = PipelineSettings
    for part in path:
        if isinstance(part, str):
            table = table_in(table.model_fields[part].annotation) or table
    return table
