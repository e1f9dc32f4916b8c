"""The words of a pretended program's call, and its refusal of those that it does not know."""

import itertools


class Refused(Exception):
    """The program says this on standard error, and fails."""


def given(arguments: list[str], *names: str, optional: tuple[str, ...] = ()) -> dict[str, str]:
    """The options of a call, which has these and no others; each with a value."""
    if len(arguments) % 2:
        raise Refused(f"Unknown options: {arguments}")
    values = dict(zip(arguments[::2], arguments[1::2], strict=True))
    missing = set(names) - set(optional) - values.keys()
    unknown = values.keys() - set(names)
    if missing or unknown:
        raise Refused(f"the following arguments are required: {missing}; Unknown options: {unknown}")
    return values


def option(arguments: list[str], name: str, default: str = "") -> str:
    """The value that follows an option."""
    return arguments[arguments.index(name) + 1] if name in arguments else default


def options(arguments: list[str], name: str) -> list[str]:
    """The values of an option that may be given more than once."""
    return [value for at, value in itertools.pairwise(arguments) if at == name]
