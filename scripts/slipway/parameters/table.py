"""Variables as people read them."""

from collections.abc import Iterator, Sequence

from slipway.aws.parameters import Variable
from slipway.console.printable import plain

HIDDEN = "(secret)"
HEADS = ("NAME", "TYPE", "VERSION", "CHANGED", "VALUE")


def lines(variables: Sequence[Variable]) -> Iterator[str]:
    """A line for each, in columns, below a line of heads; nothing if there is none."""
    if not variables:
        return
    rows = [HEADS, *(_cells(each) for each in variables)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def _cells(variable: Variable) -> tuple[str, ...]:
    value = HIDDEN if variable.value is None else plain(variable.value)
    changed = f"{variable.changed:%Y-%m-%d %H:%M}"
    return variable.name, variable.type, str(variable.version), changed, value
