"""What the steps of a rehearsal in an account use: settings, stacks, clients, and polling."""

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

LOOK = 5.0  # seconds between two polls
LOCK_TIMEOUT = 60  # seconds; an interrupted step may still hold the lock

Look = Callable[[], str]
"""Returns what is still missing, for the user; "" once nothing is."""


@dataclass(frozen=True)
class Waiting:
    """Polls. clock, sleep: in seconds; tests replace them."""

    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep

    def until(self, look: Look, minutes: int, *, then: str) -> None:
        """Poll until nothing is missing, and print what is missing when it changes.

        then: what to do if it takes longer than ``minutes``, for the SlipwayError that is then raised.
        """
        began, before = self.clock(), ""
        while words := self._look_again(look, before):
            if words != before:
                message(f"   {words}")
                before = words
            if self.clock() - began >= minutes * 60:
                raise SlipwayError(f"timeout after {duration(minutes * 60)}: {words}", then=then)
            self.sleep(LOOK)

    def _look_again(self, look: Look, before: str) -> str:
        try:
            return look()
        except AwsError as error:
            if not error.passing:
                raise
            return before or error.what


@dataclass(frozen=True)
class Sandbox:
    """An account in which to rehearse.

    project: with the rehearsal's own settings. team: the settings that they are derived from. directory: for
    its files. pointed: called with the synthesised stacks' directory, to add overrides for an emulated AWS.
    """

    project: Project
    team: PipelineSettings
    aws: Aws
    directory: Path
    pointed: Callable[[Path], object]
    waiting: Waiting = field(default_factory=Waiting)

    @property
    def environment(self) -> EnvironmentNames:
        """The names of the only environment."""
        return self.project.environment(None)

    @property
    def state_bucket(self) -> StateBucket:
        """The rehearsal's own state bucket."""
        return StateBucket.of(self.aws, self.project.settings, self.project.names)

    @cached_property
    def stacks(self) -> Mapping[str, SynthesisedStack]:
        """The stacks by name, synthesised once into the rehearsal's directory."""
        output = self.directory / OUTPUT
        outside = {**os.environ, SETTINGS: str((self.directory / FILE).absolute())}
        made = interruption.run(synthesise(self.project.root, output, environment=outside))
        self.pointed(output)
        return {stack.name: stack for stack in made}

    @cached_property
    def terraform(self) -> dict[str, str]:
        """The environment variables that Terraform runs with."""
        return terraform_environment(self.directory, os.environ)

    @cached_property
    def shipped(self) -> RevisionImages:
        """Reads the contents of revisions, each once."""
        return RevisionImages(self.aws)

    def apply(self, *names: str) -> str:
        """Apply stacks, each after those that it depends on. Returns what was changed, as text.

        An interruption takes effect after the apply: an interrupted provider abandons calls that AWS still
        completes, and their resources are then in no state.
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
        """The environment's status, as `slipway status` shows it."""
        survey = Survey(
            aws=self.aws,
            names=self.project.names,
            environments=[self.environment],
            shipped=self.shipped,
        )
        (environment,) = survey.status().environments
        return environment
