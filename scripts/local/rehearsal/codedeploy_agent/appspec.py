"""Reads an appspec.yml as CodeDeploy's agent does, and refuses what the agent refuses.

Sources are files of github.com/aws/aws-codedeploy-agent, by default below
lib/instance_agent/plugins/codedeploy/.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeGuard

from local.rehearsal import yaml_text
from slipway.console.errors import SlipwayError

HOOK_EVENTS = (
    "BeforeBlockTraffic",
    "AfterBlockTraffic",
    "ApplicationStop",
    "BeforeInstall",
    "AfterInstall",
    "ApplicationStart",
    "ValidateService",
    "BeforeAllowTraffic",
    "AfterAllowTraffic",
)
"""The events that can have scripts: command_poller.rb, DEFAULT_HOOK_MAPPING."""

OF_THE_LAST_REVISION = ("BeforeBlockTraffic", "AfterBlockTraffic", "ApplicationStop")
"""Events that run the last installed revision's scripts, not the new one's: hook_executor.rb,
MAPPING_BETWEEN_HOOKS_AND_DEPLOYMENTS."""

APPSPEC = "appspec.yml"
DIGITS = re.compile(r"[0-9]{1,18}")
DEFAULT_TIMEOUT = 3600  # seconds: application_specification/script_info.rb
FILE_EXISTS_BEHAVIORS = ("DISALLOW", "OVERWRITE", "RETAIN")
Yaml = Mapping[object, object]


class AppSpecError(SlipwayError):
    """CodeDeploy would refuse this appspec.yml; the message says why."""

    def __init__(self, why: str) -> None:
        super().__init__(
            "CodeDeploy refuses appspec.yml", why=why, then="correct it and build a new revision"
        )


@dataclass(frozen=True)
class Script:
    """A script of a lifecycle event. location: its path in the revision. timeout: in seconds."""

    location: str
    timeout: int = DEFAULT_TIMEOUT
    runas: str | None = None
    sudo: bool = False


@dataclass(frozen=True)
class AppSpec:
    """The content of an appspec.yml. hooks: the scripts of each event, in order."""

    hooks: Mapping[str, tuple[Script, ...]]
    files: tuple[tuple[str, str], ...] = ()

    def unknown_events(self) -> list[str]:
        """Events that do not exist; only Install checks: command_executor.rb, validate_app_spec_hooks."""
        return [event for event in self.hooks if event not in HOOK_EVENTS]


def parse(text: str) -> AppSpec:
    """The content of an appspec.yml; raises AppSpecError if the agent would refuse it.

    application_specification/application_specification.rb; the agent reads YAML 1.1 too.
    """
    try:
        content, references = yaml_text.read(text), yaml_text.aliases(text)
    except yaml_text.NotYaml as error:
        raise AppSpecError(f"it is not valid YAML: {error}") from error
    if references:  # Ruby's YAML.load, since 3.1: psych.rb, load
        raise AppSpecError(f"it contains a YAML alias, *{references[0]}; replace it with the value")
    if not _is_mapping(content):
        raise AppSpecError("it is empty; at least version and os are required")
    _check_head(content)
    hooks, files = content.get("hooks") or {}, content.get("files") or []
    if not _is_mapping(hooks):
        raise AppSpecError(f"hooks must map events to scripts, received {hooks!r}")
    if not isinstance(files, list):
        raise AppSpecError(f"files must be a list, received {files!r}")
    return AppSpec(
        hooks={str(event): _scripts(scripts) for event, scripts in hooks.items() if scripts},
        files=tuple(_file(file) for file in files),
    )


def _check_head(content: Yaml) -> None:
    version, system = content.get("version"), content.get("os")
    if isinstance(version, bool) or not isinstance(version, int | float) or version != 0:
        raise AppSpecError(f'version must be 0.0, a number without quotes, received "{version}"')
    if system != "linux":
        raise AppSpecError(f'os must be linux, received "{system}"')
    behavior = content.get("file_exists_behavior")
    if behavior is not None and behavior not in FILE_EXISTS_BEHAVIORS:
        raise AppSpecError(
            f'file_exists_behavior must be one of {", ".join(FILE_EXISTS_BEHAVIORS)}, received "{behavior}"'
        )


def _scripts(scripts: object) -> tuple[Script, ...]:
    if not isinstance(scripts, list):
        raise AppSpecError(f"an event must have a list of scripts, received {scripts!r}")
    return tuple(_script(script) for script in scripts)


def _script(entry: object) -> Script:
    """One script of an event: application_specification/script_info.rb."""
    if not _is_mapping(entry) or not str(entry.get("location") or "").strip():
        raise AppSpecError(f"a script has no location: {entry!r}")
    runas = entry.get("runas")
    return Script(
        location=str(entry["location"]).strip(),
        timeout=_timeout(entry.get("timeout")),
        runas=None if runas is None else str(runas).strip(),
        sudo=entry.get("sudo") not in (None, False),
    )


def _timeout(value: object) -> int:
    """Seconds as Ruby's to_i reads them: text that begins with no digit is 0, which is refused."""
    if value is None:
        return DEFAULT_TIMEOUT
    digits = DIGITS.match(str(value).strip())
    seconds = int(digits[0]) if digits else 0
    if not seconds:
        raise AppSpecError(f"a timeout must be a number of seconds above 0, received {value!r}")
    return seconds


def _file(entry: object) -> tuple[str, str]:
    if not _is_mapping(entry) or not entry.get("source") or not entry.get("destination"):
        raise AppSpecError(f"a file must have source and destination, received {entry!r}")
    return str(entry["source"]), str(entry["destination"])


def _is_mapping(value: object) -> TypeGuard[Yaml]:
    return isinstance(value, dict)
