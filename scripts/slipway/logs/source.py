"""Who writes logs; apart from everything else, so that ``slipway --help`` loads nothing for it."""

from enum import StrEnum


class LogSource(StrEnum):
    """One kind of log."""

    APP = "app"
    AGENT = "agent"
    DEPLOY = "deploy"
    BUILD = "build"
    RUN = "run"
