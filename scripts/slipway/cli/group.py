"""A group of commands that starts quickly: its own ``--help``, not asked for, loads nothing."""

from typing import Any

from typer.core import TyperGroup, TyperOption


class Group(TyperGroup):
    """As typer's; but where ``--help`` is not given, it is False and not unknown.

    Typer would load pydantic, a quarter of a second, only to say that an unknown value stays unknown.
    """

    def get_help_option(self, ctx: Any) -> TyperOption | None:  # noqa: ANN401 - typer does not export its type
        """The option ``--help`` of the group itself."""
        option = super().get_help_option(ctx)
        if option:
            option.default = False
        return option
