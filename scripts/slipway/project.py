"""The project that a command works on: where it is, its settings, and the names that follow from them."""

import os
from dataclasses import dataclass
from pathlib import Path

from modules.config.load import load, warnings
from modules.config.names import Names
from modules.config.settings import Pipeline
from slipway.aws.clients import Aws
from slipway.errors import UsageError
from slipway.state.bucket import Bucket

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

    def state_bucket(self, aws: Aws) -> Bucket:
        """The bucket that the stacks' state is kept in."""
        tags = {**self.settings.tags, "service": self.settings.service, "managed-by": "slipway"}
        return Bucket(aws.s3, self.names.state_bucket, self.settings.account, self.settings.region, tags)


def find(root: Path) -> Project:
    """The project in a directory. Raises SettingsError, or UsageError if it is no project's."""
    settings = load(root / os.environ.get(SETTINGS, "pipeline.toml"))
    if not (root / "main.py").is_file():
        raise UsageError(
            f"there is no main.py in {root}", then="run slipway where main.py and pipeline.toml are"
        )
    return Project(root, settings, Names.of(settings))
