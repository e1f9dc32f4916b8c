"""The project that a command works on: where it is, its settings, and the names that follow from them."""

import os
from dataclasses import dataclass
from pathlib import Path

from modules.config.load import load, warnings
from modules.config.names import EnvironmentNames, Names
from modules.config.settings import PipelineSettings
from slipway.aws.clients import Aws, require_account
from slipway.console.errors import UsageError
from slipway.processes.terraform_program import VARIABLE

SETTINGS = "SLIPWAY_SETTINGS"


@dataclass(frozen=True)
class Project:
    """A checkout and its settings."""

    root: Path
    settings: PipelineSettings
    names: Names

    @property
    def working(self) -> Path:
        """Where commands keep what they write."""
        return self.root / ".slipway"

    @property
    def warnings(self) -> tuple[str, ...]:
        """What is allowed, but worth a word."""
        return tuple(warnings(self.settings))

    @property
    def watching(self) -> dict[str, int]:
        """For how many seconds each environment's hosts watch a release, by its deployment group."""
        each = zip(self.names.environments, self.settings.environments, strict=True)
        return {names.deployment_group: environment.watch_minutes * 60 for names, environment in each}

    def environment(self, name: str | None) -> EnvironmentNames:
        """The names of one environment: the one asked for, or the only one there is."""
        known = {each.environment: each for each in self.names.environments}
        if name is None and len(known) == 1:
            (name,) = known
        if name in known:
            return known[name]
        what = "which environment?" if name is None else f'there is no environment "{name}" in pipeline.toml'
        raise UsageError(what, then=f"--env with one of: {', '.join(known)}")

    def chosen(self, name: str | None) -> tuple[EnvironmentNames, ...]:
        """The one environment that is asked for, or all."""
        return self.names.environments if name is None else (self.environment(name),)

    def sign_in(self) -> Aws:
        """Clients of the settings' account and region; credentials of another account are refused."""
        aws = Aws(self.settings.region)
        require_account(aws, self.settings.account)
        return aws


def find(root: Path) -> Project:
    """The project in a directory. Raises SettingsError, or UsageError if it is not a project's."""
    settings = load(root / (os.environ.get(SETTINGS) or "pipeline.toml"))
    if not (root / "main.py").is_file():
        raise UsageError(
            f"there is no main.py in {root}", then="run slipway where main.py and pipeline.toml are"
        )
    if settings.terraform:
        os.environ.setdefault(VARIABLE, settings.terraform)  # whoever is started from here finds it there
    return Project(root, settings, Names.of(settings))
