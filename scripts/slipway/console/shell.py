"""Lines that a person pastes into a shell: each word stays one word, whatever it holds."""

import shlex


def command_line(*words: object) -> str:
    """A command with its arguments, quoted where a shell would read more into them."""
    return shlex.join(map(str, words))


def export(name: str, value: str) -> str:
    """The line that gives a shell's programs a variable."""
    return f"export {name}={shlex.quote(value)}"
