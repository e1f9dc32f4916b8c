"""Sandboxes for tests: a rehearsal's settings in a directory, an account that has nothing in it."""

from collections.abc import Callable
from pathlib import Path

from modules.config.settings import PipelineSettings
from slipway.account_rehearsal import settings
from slipway.account_rehearsal.sandbox import Sandbox, Waiting
from slipway.aws.clients import Aws
from tests.settings import ACCOUNT, demo


class Clock:
    """A clock that only moves when somebody sleeps, and what happens meanwhile."""

    def __init__(self, meanwhile: Callable[[], object] = lambda: None) -> None:
        self.now, self.meanwhile = 0.0, meanwhile

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        self.meanwhile()

    @property
    def waiting(self) -> Waiting:
        return Waiting(lambda: self.now, self.sleep)


def sandbox(
    directory: Path, aws: Aws, team: PipelineSettings | None = None, clock: Clock | None = None
) -> Sandbox:
    """A new rehearsal; by default for the demo's team. Nothing is waited for but what the clock is told."""
    project = settings.begin(directory, directory, team or demo(), ACCOUNT)
    return Sandbox(project, team or demo(), aws, directory, lambda _output: None, (clock or Clock()).waiting)
