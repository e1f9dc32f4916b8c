"""How a module declares its command."""

import typer


def declare() -> typer.Typer:
    """The Typer application to which a module adds its only command."""
    return typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
