"""Expected errors: each says what happened, why, and what to do next."""

FAILED = 1


class ExplainedError(Exception):
    """An error that the user can act on; shown without a traceback.

    what: what happened. why: the cause, if known. then: what to do next.
    """

    def __init__(self, what: str, *, why: str = "", then: str = "") -> None:
        Exception.__init__(self, what)  # not super(): another base class may take other arguments
        self.what, self.why, self.then = what, why, then

    def __str__(self) -> str:
        parts = [self.what, _indented("why:  ", self.why), _indented("next: ", self.then)]
        return "\n".join(part for part in parts if part)


def _indented(label: str, text: str) -> str:
    """The text after its label, all lines aligned."""
    if not text:
        return ""
    return "  " + label + text.replace("\n", "\n" + " " * (2 + len(label)))
