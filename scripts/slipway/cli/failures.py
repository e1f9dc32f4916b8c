"""Turns every error that is expected into one message and one exit code."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from modules.config.problems import SettingsError
from plan_review.errors import ExplainedError
from slipway.console.errors import SlipwayError, UsageError

UNWRITABLE = {errno.EBADF, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.ENOSPC, errno.EPIPE}
"""Why a descriptor that the command was given cannot be written; such errors name no file."""


def explained(error: Exception) -> SlipwayError | None:
    """The error for people that stands for this one; None if it was not to be expected."""
    match error:
        case SlipwayError():
            known: SlipwayError | None = error
        case ExplainedError():
            known = SlipwayError(error.what, why=error.why, then=error.then)
        case SettingsError():
            known = UsageError(str(error))
        case OSError(filename=str(file)):
            known = SlipwayError(f"{file} cannot be used", why=error.strerror or str(error))
        case OSError(errno=number) if number in UNWRITABLE:
            known = SlipwayError("standard output cannot be written", why=error.strerror or str(error))
        case _:
            known = None
    return known


@contextmanager
def as_explained() -> Iterator[None]:
    """Raise the error for people in place of the one that it stands for."""
    try:
        yield
    except Exception as error:
        known = explained(error)
        if known is None:
            raise
        raise known from error
