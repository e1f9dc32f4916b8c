"""Errors that are expected, each with what the command exits with."""

from plan_review.errors import ExplainedError

FAILED = 1
BAD_USAGE = 2
INTERRUPTED = 130


class SlipwayError(ExplainedError):
    """What a command cannot do: shown without a traceback, with what happened, why, and what to do next."""

    exit_code = FAILED


class UsageError(SlipwayError):
    """The command, or pipeline.toml, asks for something that cannot be."""

    exit_code = BAD_USAGE
