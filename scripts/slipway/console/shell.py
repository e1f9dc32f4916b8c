"""Command lines to paste into a shell, with each word quoted."""

import shlex


def command_line(*words: object) -> str:
    """A command with its arguments, quoted for a shell if needed."""
    return shlex.join(map(str, words))


def export(name: str, value: str) -> str:
    """The shell command that exports a variable."""
    return f"export {name}={shlex.quote(value)}"
