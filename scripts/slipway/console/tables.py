"""Tables as all commands draw them: without lines, each column as wide as what is in it."""

from rich.table import Table


def table(*columns: str) -> Table:
    """A table with these columns, and no row yet."""
    made = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for column in columns:
        made.add_column(column, no_wrap=True)
    return made
