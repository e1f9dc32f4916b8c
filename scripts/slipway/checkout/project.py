"""The project that a command works on: where it is, its settings, and the names that follow from them."""

import os
from dataclasses import dataclass
from pathlib import Path

from modules.config.load import load, warnings
from modules.config.names import EnvironmentNames, Names
from modules.config.settings import Pipeline
from slipway.aws.clients import Aws, require_account
from slipway.console.errors import UsageError
from slipway.terraform.state.bucket import Bucket

SETTINGS = "SLIPWAY_SETTINGS"


@dataclass(frozen=True)
class Project:
    """A checkout and its settings."""

    root: Path
    settings: Pipeline
    names: Names

    @property
    def working(self) -> Path:
        """Where commands keep what they write."""
        return self.root / ".slipway"

    @property
    def warnings(self) -> tuple[str, ...]:
        """What is allowed, but worth a word."""
        return tuple(warnings(self.settings))

    def environment(self, name: str | None) -> EnvironmentNames:
        """The names of one environment: the one asked for, or the only one there is."""
        known = {each.environment: each for each in self.names.environments}
        if name is None and len(known) == 1:
            (name,) = known
        if name in known:
            return known[name]
        what = "which environment?" if name is None else f'there is no environment "{name}" in pipeline.toml'
        raise UsageError(what, then=f"--env with one of: {', '.join(known)}")

    def state_bucket(self, aws: Aws) -> Bucket:
        """The bucket that the stacks' state is kept in."""
        tags = {**self.settings.tags, "service": self.settings.service, "managed-by": "slipway"}
        return Bucket(aws.s3, self.names.state_bucket, self.settings.account, self.settings.region, tags)


def signed_in(root: Path) -> tuple[Project, Aws]:
    """The project in a directory, and clients of its account; credentials of another are refused."""
    found = find(root)
    aws = Aws(found.settings.region)
    require_account(aws, found.settings.account)
    return found, aws


def find(root: Path) -> Project:
    """The project in a directory. Raises SettingsError, or UsageError if it is no project's."""
    settings = load(root / os.environ.get(SETTINGS, "pipeline.toml"))
    if not (root / "main.py").is_file():
        raise UsageError(
            f"there is no main.py in {root}", then="run slipway where main.py and pipeline.toml are"
        )
    return Project(root, settings, Names.of(settings))
