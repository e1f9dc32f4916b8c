"""How a command's file declares its command."""

import typer


def declare() -> typer.Typer:
    """What a file's one command is added to."""
    return typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
