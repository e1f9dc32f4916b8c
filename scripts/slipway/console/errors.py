"""Errors that are expected: each says what happened, why, and what to do next."""

FAILED = 1
BAD_USAGE = 2
INTERRUPTED = 130


class SlipwayError(Exception):
    """Something that the person at the terminal can act on; shown without a traceback.

    what: what happened. why: its cause, as far as known. then: what to do next.
    """

    exit_code = FAILED

    def __init__(self, what: str, *, why: str = "", then: str = "") -> None:
        Exception.__init__(self, what)  # and of no other base: AWS's refusals have one more
        self.what, self.why, self.then = what, why, then

    def __str__(self) -> str:
        parts = [self.what, _indented("why:  ", self.why), _indented("next: ", self.then)]
        return "\n".join(part for part in parts if part)


class UsageError(SlipwayError):
    """The command, or pipeline.toml, asks for something that cannot be."""

    exit_code = BAD_USAGE


def _indented(label: str, text: str) -> str:
    """The text behind its label, every line of it in one column."""
    if not text:
        return ""
    return "  " + label + text.replace("\n", "\n" + " " * (2 + len(label)))
