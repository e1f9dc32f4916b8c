"""Turns every error that is expected into one message and one exit code."""

from modules.config.problems import SettingsError
from slipway.console.errors import SlipwayError, UsageError


def explained(error: Exception) -> SlipwayError | None:
    """The error for people that stands for this one; None if it was not to be expected."""
    match error:
        case SlipwayError():
            known: SlipwayError | None = error
        case SettingsError():
            known = UsageError(str(error))
        case OSError(filename=str(file)):
            known = SlipwayError(f"{file} cannot be used", why=error.strerror or str(error))
        case _:
            known = None
    return known
