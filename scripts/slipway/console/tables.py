"""Tables of all commands: without lines, and columns as wide as their content."""

from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from rich.console import Console, ConsoleOptions, RenderResult
from rich.measure import Measurement
from rich.padding import Padding
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

ENDLESS = 100_000
ROOM = 40  # columns; on narrower screens, text wraps at the left edge, so that an id fits into a line

BAR_ROOM = 80
MARK_AND_NAME = 2


class Rows:
    """A table with a header; on a screen that is too narrow, a list.

    The first column names the row. indent: spaces before each line. Default: 0. right: the names of columns
    that are aligned to the right. Default: none.
    """

    def __init__(self, *columns: str, indent: int = 0, right: Collection[str] = ()) -> None:
        self.columns = columns
        self.right = right
        self.indent = indent
        self._rows: list[tuple[Text, ...]] = []

    @property
    def row_count(self) -> int:
        """How many rows there are."""
        return len(self._rows)

    def add_row(self, *cells: str | Text) -> None:
        """Add a row. cells: one for each column."""
        self._rows.append(tuple(cell if isinstance(cell, Text) else Text(cell) for cell in cells))

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """A table, if every row fits; else a list."""
        made = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
        for column in self.columns:
            made.add_column(column, no_wrap=True, justify="right" if column in self.right else "left")
        for row in self._rows:
            made.add_row(*row)
        needed = Measurement.get(console, options.update(max_width=ENDLESS), made).maximum
        if self.indent + needed <= options.max_width:
            yield Padding(made, (0, 0, 0, self.indent), expand=False)
        else:
            yield from self._list(options.max_width)

    def _list(self, width: int) -> RenderResult:
        indent = self.indent if width >= ROOM else 0
        for row in self._rows:
            yield _folded(" " * indent, row[0])
            for column, cell in zip(self.columns[1:], row[1:], strict=True):
                if cell.plain:
                    yield _folded(f"{' ' * (indent + 2)}{column}: ", cell)


class Note:
    """A text after a mark; long text wraps below its beginning.

    width: columns of the longest mark. Default: 1. gap: spaces after it. Default: 1.
    """

    def __init__(self, mark: Text, text: Text, *, width: int = 1, gap: int = 1) -> None:
        self.mark = mark
        self.text = text
        self.width = width
        self.gap = gap

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Two columns; on a narrow screen, one."""
        if options.max_width < ROOM:
            yield _folded("", self.mark + Text(" ") + self.text)
            return
        made = Table.grid(padding=(0, self.gap, 0, 0))
        made.add_column(width=self.width)
        made.add_column(overflow="fold")
        made.add_row(self.mark, self.text)
        yield made


class MovingRow(NamedTuple):
    """A row of a live table. cells: always shown. bar, words: progress and text, shown if there is room."""

    cells: tuple[str | Text, ...]
    bar: ProgressBar
    words: Text


def moving_table(width: int, columns: Sequence[str], rows: Iterable[MovingRow]) -> Table:
    """A live table, one line for each row. On narrow screens the bar is left out, then the words."""
    made = Table.grid(padding=(0, 1), expand=True)
    bar, words = width >= BAR_ROOM, width >= ROOM
    cells = len(columns) if words else MARK_AND_NAME
    for column in columns[:cells]:
        made.add_column(column, no_wrap=True, justify="right" if column in ("count", "time") else "left")
    if bar:
        made.add_column("bar", no_wrap=True)
    if words:
        made.add_column("words", no_wrap=True, overflow="ellipsis", ratio=1)
    for row in rows:
        made.add_row(*row.cells[:cells], *([row.bar] if bar else []), *([row.words] if words else []))
    return made


def _folded(before: str, text: Text) -> Text:
    made = Text(before) + text
    made.overflow = "fold"
    return made
