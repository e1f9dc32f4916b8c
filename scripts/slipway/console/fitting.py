"""Cuts what is drawn to the screen's height, and shows how much is left out."""

from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.segment import Segment
from rich.text import Text


class Fitting:
    """A renderable that is cut to the screen's height."""

    def __init__(self, whole: RenderableType) -> None:
        self.whole = whole

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Its lines; if there are too many, the last one says how many are left out."""
        room = options.height or console.height
        lines = console.render_lines(self.whole, options.update(height=None), pad=False)
        if len(lines) > room:
            said = f"… {len(lines) - room + 1} more lines; slipway status prints all"
            rest = Text(said, style="dim", no_wrap=True, overflow="ellipsis")
            lines = [*lines[: room - 1], *console.render_lines(rest, options.update(height=None), pad=False)]
        for line in lines:
            yield from line
            yield Segment.line()
