"""Converts every expected error to one message and one exit code."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from modules.config.problems import SettingsError
from plan_review.errors import ExplainedError
from slipway.console.errors import SlipwayError, UsageError

UNWRITABLE = {errno.EBADF, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.ENOSPC, errno.EPIPE}
"""Error numbers of an output that cannot be written; such errors name no file."""


def explained(error: Exception) -> SlipwayError | None:
    """The SlipwayError for an expected error; None if the error is unexpected."""
    match error:
        case SlipwayError():
            known: SlipwayError | None = error
        case ExplainedError():
            known = SlipwayError(error.what, why=error.why, then=error.then)
        case SettingsError():
            known = UsageError(str(error))
        case OSError(filename=str(file)):
            known = SlipwayError(
                f"{file} cannot be used",
                why=error.strerror or str(error),
                then="check that it exists, and its permissions",
            )
        case OSError(errno=number) if number in UNWRITABLE:
            known = SlipwayError(
                "standard output cannot be written",
                why=error.strerror or str(error),
                then="check the disk space, or where the output is redirected to",
            )
        case _:
            known = None
    return known


@contextmanager
def as_explained() -> Iterator[None]:
    """A context in which expected errors are raised as SlipwayErrors."""
    try:
        yield
    except Exception as error:
        known = explained(error)
        if known is None:
            raise
        raise known from error
