"""Draws variables as a table."""

from collections.abc import Iterator, Sequence

from slipway.aws.parameters import Variable
from slipway.console.printable import plain

HIDDEN = "(secret)"
HEADS = ("NAME", "TYPE", "VERSION", "CHANGED", "VALUE")


def lines(variables: Sequence[Variable], *, width: int | None = None) -> list[str]:
    """The table's lines, with a header; empty without variables.

    width: of the terminal, in columns. If the table is wider, each variable is a block of lines.
    """
    if not variables:
        return []
    rows = [HEADS, *(_cells(variable) for variable in variables)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    found = ["  ".join(map(str.ljust, row, widths)).rstrip() for row in rows]
    if width is None or max(map(len, found[1:])) <= width:
        return found
    return [line for row in rows[1:] for line in _listed(row)]


def _listed(row: tuple[str, ...]) -> Iterator[str]:
    name, kind, version, changed, value = row
    yield name
    yield f"  {kind}, version {version}"
    yield f"  {changed}"
    yield f"  {value}"


def _cells(variable: Variable) -> tuple[str, ...]:
    value = HIDDEN if variable.value is None else plain(variable.value)
    changed = f"{variable.changed:%Y-%m-%d %H:%M}"
    return variable.name, variable.type, str(variable.version), changed, value
