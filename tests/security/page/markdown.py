"""Markdown for the security page: tables, code, and ARNs short enough to read."""

from collections.abc import Iterable, Sequence

from tests.security.account import account
from tests.security.evaluation import Statement

DEMO = account("demo")
"""The committed pipeline.toml; the page shows its names."""


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; bars within cells are kept from ending them."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', '&#124;') for cell in line)} |" for line in lines)


def code(text: str) -> str:
    """Words as they stand in a policy."""
    return f"`{text}`"


def codes(texts: Iterable[str]) -> str:
    """Several of them, each on a line of its own within a cell."""
    return "<br>".join(code(text) for text in texts)


def short(arn: str) -> str:
    """An ARN without partition, region and account; keys by the alias that stands for them."""
    for alias in _aliases():
        if arn == DEMO.key(alias):
            return alias
    if arn == DEMO.connection:
        return "connection/<id>"
    parts = arn.split(":", 5)
    return parts[5] if len(parts) > 5 and parts[0] == "arn" else arn


def only_if(statement: Statement) -> list[str]:
    """A statement's conditions, one line each."""
    return [
        f"{_word(operator)}{key} = {_values(value)}"
        for operator, keys in statement.get("Condition", {}).items()
        for key, value in keys.items()
    ]


def _word(operator: str) -> str:
    """The operator, where it is more than being equal, of one value or of any."""
    each = operator.removeprefix("ForAnyValue:")
    return "" if each in {"StringEquals", "Bool"} else f"{each} "


def _values(value: str | Sequence[str]) -> str:
    values = [value] if isinstance(value, str) else value
    return " or ".join(short(each) if each.startswith("arn:aws:kms") else each for each in values)


def _aliases() -> list[str]:
    names = DEMO.names
    return [
        names.key_alias,
        names.delivery_key_alias,
        *(environment.key_alias for environment in names.environments),
    ]
