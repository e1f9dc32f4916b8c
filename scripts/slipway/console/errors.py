"""Expected errors, each with its exit code."""

from plan_review.errors import ExplainedError

FAILED = 1
BAD_USAGE = 2
INTERRUPTED = 130


class SlipwayError(ExplainedError):
    """An expected error: printed without a traceback, with what happened, why, and what to do."""

    exit_code = FAILED


class UsageError(SlipwayError):
    """The command's arguments or pipeline.toml are wrong."""

    exit_code = BAD_USAGE
