"""What makes a synthesis impossible on a machine, whatever its stacks are: one message, no traceback."""

import os
import sys
from collections.abc import Mapping
from types import TracebackType

STARTING = ("JSII_NODE", "JSII_RUNTIME", "NODE_OPTIONS")
"""The variables that decide how Node is started."""
PLACES = ("TMPDIR", "JSII_RUNTIME_PACKAGE_CACHE_ROOT")
GIVEN: Mapping[str, str] = {name: value for name in STARTING + PLACES if (value := os.environ.get(name))}
"""The variables' values before the engine changes them."""


class SynthesisError(Exception):
    """The synthesis is not possible here; the text says why, and what to do.

    If the program does not catch it, it is printed without a traceback, and the exit code is 1.
    """


class NodeFailed(SynthesisError):
    """Node cannot be started, ended, or does not answer.

    happened: this alone, without what to do.
    killed: whether a signal ended Node. Default: False.
    """

    def __init__(self, happened: str, *, killed: bool = False) -> None:
        self.killed = killed
        self.happened = happened.rstrip(".")
        super().__init__(f"{self.happened}. {_what_to_do(self.happened)}")


def _what_to_do(reason: str) -> str:
    """Correct the variables that the reason shows, or that start Node; without any, install it again."""
    named = [name for name, value in GIVEN.items() if value in reason]
    wrong = named or [name for name in STARTING if name in GIVEN]
    if not wrong:
        return "Try again; if it fails again, delete the virtual environment and run `make setup`"
    said = " and ".join(f"{name} is {GIVEN[name]}" for name in wrong)
    return f"{said}: correct or clear {'it' if len(wrong) == 1 else 'them'}, then try again"


def report_plainly() -> None:
    """Let Python print a SynthesisError and an interruption without a traceback if nobody catches them."""
    before = sys.excepthook

    def report(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if isinstance(error, SynthesisError):
            sys.stderr.write(f"error: {error}\n")
        elif isinstance(error, KeyboardInterrupt):
            sys.stderr.write("interrupted\n")
        else:
            before(kind, error, trace)

    sys.excepthook = report
