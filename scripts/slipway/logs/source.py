"""The sources of logs; in a module of its own, so that ``slipway --help`` loads nothing else for it."""

from enum import StrEnum


class LogSource(StrEnum):
    """The source of a log."""

    APP = "app"
    AGENT = "agent"
    DEPLOY = "deploy"
    BUILD = "build"
    RUN = "run"
