"""Reads pipeline.toml into frozen settings, or says in plain words everything that is wrong with it."""

import tomllib
from collections.abc import Mapping
from pathlib import Path

from pydantic import ValidationError

from modules.config.settings import Pipeline


class SettingsError(Exception):
    """Everything that is wrong with the settings, in words for people."""


def load(path: Path) -> Pipeline:
    """The settings that a file holds; raises SettingsError."""
    return parse(path.read_text("utf-8"), file=str(path))


def parse(text: str, *, file: str = "pipeline.toml") -> Pipeline:
    """The settings that a text holds; ``file`` is what messages call it. Raises SettingsError."""
    return settle(tomllib.loads(text), file=file)


def settle(data: Mapping[str, object], *, file: str = "pipeline.toml") -> Pipeline:
    """The settings that parsed TOML holds. Raises SettingsError."""
    try:
        return Pipeline.model_validate(data)
    except ValidationError as error:
        raise SettingsError(f"{file}: {error}") from error
