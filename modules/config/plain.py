"""Says pydantic's findings in plain words."""

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
    "emails": 'emails = ["team@example.com"]',
    "github_subjects": 'github_subjects = ["repo:owner/name:pull_request"]',
    "environments": '[[environments]] with name = "staging" and cidr = "10.20.0.0/16"',
    "name": 'name = "staging"',
    "cidr": 'cidr = "10.20.0.0/16"',
    "port": "port = 5432",
}
LISTS = {("environments",), ("environments", "egress")}
"""The tables of which there may be several."""
ACCOUNT_DIGITS = 12
CHOICES = {
    "zones": "must be a number of zones, or a list of their names",
    "deployment": (
        'must be "one_at_a_time", "half_at_a_time", "all_at_once", or { hosts = … } or { percent = … }'
    ),
}
_BRANCHES = (settings.COUNT, settings.NAMES, settings.SPEED, settings.HEALTHY)


def path_of(error: ErrorDetails) -> Path:
    """Where the finding is in the file: pydantic's place without the branches of CHOICES' unions."""
    path = error["loc"]
    return tuple(
        part for n, part in enumerate(path) if part not in _BRANCHES or n == 0 or path[n - 1] not in CHOICES
    )


def message_of(error: ErrorDetails) -> str:
    """What is wrong, and what would be right."""
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
    """Text is missing its quotes more often than not."""
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
    """The table that the key belongs in, or the nearest key of this one."""
    key, table = str(path[-1]), table_at(path[:-1])
    known = list(table.model_fields)
    if home := _home(key):
        return f"unknown key; {home}"
    if guess := nearest(key, known):
        return f"unknown key; did you mean {guess}?"
    return f"unknown key; there are {', '.join(known)}"


def _home(key: str) -> str | None:
    """Where a key belongs that stands in the wrong table, as it does if a table begins above it."""
    if key in PipelineSettings.model_fields:
        table = table_in(PipelineSettings.model_fields[key].annotation)
        if table is None:
            return "it belongs at the top of the file, above the first [table]"
        return f"it is a table of its own: {_heading((key,))}"
    found = list(_places(key, PipelineSettings, ()))
    return f"it belongs in {' or '.join(found)}" if found else None


def _places(key: str, table: type[Settings], at: tuple[str, ...]) -> Iterator[str]:
    """The headings of the tables below that have the key."""
    for name, field in table.model_fields.items():
        below = table_in(field.annotation)
        if below:
            if key in below.model_fields:
                yield _heading((*at, name))
            yield from _places(key, below, (*at, name))


def _heading(path: tuple[str, ...]) -> str:
    """What stands above a table in the file."""
    heading = f"[{'.'.join(path)}]"
    return f"[{heading}]" if path in LISTS else heading


def _names(path: Path) -> tuple[str, ...]:
    """A path without the numbers of environments and the like."""
    return tuple(part for part in path if isinstance(part, str))


def table_in(annotation: object) -> type[Settings] | None:
    """The table that a field's type holds, if it holds one."""
    if isinstance(annotation, type) and issubclass(annotation, Settings):
        return annotation
    return next((found for argument in get_args(annotation) if (found := table_in(argument))), None)


def table_at(path: Path) -> type[Settings]:
    """The kind of table that a path leads to."""
    table: type[Settings] = PipelineSettings
    for part in path:
        if isinstance(part, str):
            table = table_in(table.model_fields[part].annotation) or table
    return table
