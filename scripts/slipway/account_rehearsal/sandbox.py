"""What the steps of a rehearsal in an account work with, and how they wait."""

import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from modules.config.names import EnvironmentNames
from modules.config.settings import PipelineSettings
from slipway.account_rehearsal.settings import FILE, OUTPUT
from slipway.aws.clients import Aws
from slipway.aws.errors import AwsError
from slipway.aws.revisions import RevisionImages
from slipway.checkout.project import SETTINGS, Project
from slipway.console import message
from slipway.console.ages import duration
from slipway.console.errors import SlipwayError
from slipway.processes import interruption
from slipway.processes.schedule import Done
from slipway.status.model import EnvironmentStatus
from slipway.status.survey import Survey
from slipway.terraform.progress.choose import progress
from slipway.terraform.settings import terraform_environment
from slipway.terraform.stacks.engine import Engine, require_all_done, words_of_apply
from slipway.terraform.stacks.manifest import SynthesisedStack, dependencies_among
from slipway.terraform.stacks.synthesis import synthesise
from slipway.terraform.state.bucket import StateBucket

LOOK = 5.0  # seconds between two looks
LOCK_TIMEOUT = 60  # seconds; nobody else works on this state, but an interrupted step may still let it go

Look = Callable[[], str]
"""What is still waited for, in words; "" once it is there."""


@dataclass(frozen=True)
class Waiting:
    """Polls. clock, sleep: tests give their own."""

    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep

    def until(self, look: Look, minutes: int, *, then: str) -> None:
        """Wait until there is nothing more to wait for, saying each new thing that is.

        then: what to do where it does not come; the error that is raised then says so.
        """
        began, before = self.clock(), ""
        while words := self._patiently(look, before):
            if words != before:
                message(f"   {words}")
                before = words
            if self.clock() - began >= minutes * 60:
                raise SlipwayError(f"not there after {duration(minutes * 60)}: {words}", then=then)
            self.sleep(LOOK)

    def _patiently(self, look: Look, before: str) -> str:
        try:
            return look()
        except AwsError as error:
            if not error.passing:
                raise
            return before or error.what


@dataclass(frozen=True)
class Sandbox:
    """An account in which to rehearse.

    project: the rehearsal's own settings. team: those that it was derived from. directory: where it keeps
    what it writes. pointed: does to synthesised stacks what Terraform needs to reach the AWS that is asked.
    """

    project: Project
    team: PipelineSettings
    aws: Aws
    directory: Path
    pointed: Callable[[Path], object]
    waiting: Waiting = field(default_factory=Waiting)

    @property
    def environment(self) -> EnvironmentNames:
        """The names of the one environment."""
        return self.project.environment(None)

    @property
    def state_bucket(self) -> StateBucket:
        """The rehearsal's own state bucket."""
        return StateBucket.of(self.aws, self.project.settings, self.project.names)

    @cached_property
    def stacks(self) -> Mapping[str, SynthesisedStack]:
        """The stacks by name, synthesised once, into a place of their own."""
        output = self.directory / OUTPUT
        outside = {**os.environ, SETTINGS: str((self.directory / FILE).absolute())}
        made = interruption.run(synthesise(self.project.root, output, environment=outside))
        self.pointed(output)
        return {each.name: each for each in made}

    @cached_property
    def terraform(self) -> dict[str, str]:
        """The environment that Terraform runs with."""
        return terraform_environment(self.directory, os.environ)

    @cached_property
    def shipped(self) -> RevisionImages:
        """What revisions ship, each read once."""
        return RevisionImages(self.aws)

    def apply(self, *names: str) -> str:
        """Apply stacks, each after those that it needs; what was changed, in words.

        Done already, Terraform finds nothing to change. An interruption waits until it is done: interrupted,
        the provider gives up calls that AWS carries out all the same, and no state knows what they made.
        """
        chosen = tuple(stack for name, stack in self.stacks.items() if name in names)
        with progress(names) as shown:
            engine = Engine(chosen, self.terraform, shown, LOCK_TIMEOUT)
            work = engine.each(dependencies_among(chosen), engine.apply_one, words_of_apply)
            outcomes = interruption.run(work, to_its_end=True)
        require_all_done(outcomes)
        return "; ".join(
            f"{name}: {words_of_apply(outcome.value)} in {duration(outcome.seconds)}"
            for name, outcome in outcomes.items()
            if isinstance(outcome, Done)
        )

    def status(self) -> EnvironmentStatus:
        """The environment as `slipway status` sees it."""
        survey = Survey(
            aws=self.aws,
            names=self.project.names,
            environments=[self.environment],
            shipped=self.shipped,
        )
        (environment,) = survey.status().environments
        return environment
