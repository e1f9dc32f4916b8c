"""The project that a command works on: its directory, settings and names."""

import os
from dataclasses import dataclass
from pathlib import Path

from modules.config import adopted
from modules.config.load import load, warnings
from modules.config.names import EnvironmentNames, Names
from modules.config.settings import PipelineSettings
from slipway.aws.clients import Aws, require_account
from slipway.console.errors import UsageError
from slipway.processes.terraform_program import VARIABLE

SETTINGS = "SLIPWAY_SETTINGS"


@dataclass(frozen=True)
class Project:
    """A checkout, its settings, and the names that follow from them."""

    root: Path
    settings: PipelineSettings
    names: Names

    @property
    def working(self) -> Path:
        """The directory for the files of commands, .slipway."""
        return self.root / ".slipway"

    @property
    def adopted(self) -> Path:
        """The file of imports, adopt.toml, beside the settings."""
        return (self.root / _settings()).with_name(adopted.FILE)

    @property
    def warnings(self) -> tuple[str, ...]:
        """Warnings about the settings, which are valid."""
        return tuple(warnings(self.settings))

    @property
    def watching(self) -> dict[str, int]:
        """For how many seconds each environment's hosts watch a release, by its deployment group."""
        pairs = zip(self.names.environments, self.settings.environments, strict=True)
        return {names.deployment_group: environment.watch_minutes * 60 for names, environment in pairs}

    def environment(self, name: str | None) -> EnvironmentNames:
        """The names of an environment; without a name, of the only one.

        Raises UsageError if it is not known.
        """
        known = {names.environment: names for names in self.names.environments}
        if name is None and len(known) == 1:
            (name,) = known
        if name in known:
            return known[name]
        what = "no environment is given" if name is None else f'pipeline.toml has no environment "{name}"'
        raise UsageError(what, then=f"use --env with one of: {', '.join(known)}")

    def chosen(self, name: str | None) -> tuple[EnvironmentNames, ...]:
        """The environment with this name; all without a name. Raises UsageError if it is not known."""
        return self.names.environments if name is None else (self.environment(name),)

    def sign_in(self) -> Aws:
        """Clients for the settings' region. Raises SlipwayError if the credentials are of another account."""
        aws = Aws(self.settings.region)
        require_account(aws, self.settings.account)
        return aws


def find(root: Path) -> Project:
    """The project in a directory. Raises SettingsError, or UsageError if main.py is missing."""
    settings = load(root / _settings())
    if not (root / "main.py").is_file():
        raise UsageError(
            f"{root} has no main.py", then="run slipway in the directory of main.py and pipeline.toml"
        )
    if settings.terraform and not os.environ.get(VARIABLE, "").strip():
        os.environ[VARIABLE] = settings.terraform  # for the processes that are started from here
    return Project(root, settings, Names.of(settings))


def _settings() -> str:
    """The path of the settings: main.py reads the same variable."""
    return os.environ.get(SETTINGS) or "pipeline.toml"
