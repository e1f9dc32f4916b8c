"""Errors that are expected: each says what happened, why, and what to do next."""

FAILED = 1


class ExplainedError(Exception):
    """Something that the person at the terminal can act on; shown without a traceback.

    what: what happened. why: its cause, as far as known. then: what to do next.
    """

    def __init__(self, what: str, *, why: str = "", then: str = "") -> None:
        Exception.__init__(self, what)  # a class of errors may have other bases, which take other arguments
        self.what, self.why, self.then = what, why, then

    def __str__(self) -> str:
        parts = [self.what, _indented("why:  ", self.why), _indented("next: ", self.then)]
        return "\n".join(part for part in parts if part)


def _indented(label: str, text: str) -> str:
    """The text behind its label, every line of it in one column."""
    if not text:
        return ""
    return "  " + label + text.replace("\n", "\n" + " " * (2 + len(label)))
