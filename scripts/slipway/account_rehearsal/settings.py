"""The settings of a rehearsal in an account: the team's settings, made small, with another service name.

They are in a file beside the record, so that an interrupted rehearsal continues with them, and so that other
commands can use them: ``SLIPWAY_SETTINGS`` names that file.
"""

import json
import re
import secrets
from collections.abc import Mapping
from pathlib import Path

from modules.config.load import load, settle
from modules.config.names import Names
from modules.config.settings import PipelineSettings
from modules.config.values import MOST_TAGS
from slipway.checkout.project import Project
from slipway.console.errors import SlipwayError

DIRECTORY = "account-rehearsal"
"""The rehearsal's directory, below .slipway/."""
FILE = "pipeline.toml"
OUTPUT = "cdktf.out"
ENVIRONMENT = "sandbox"
HOSTS = 2
"""With one host, a release would interrupt the service."""
SERVICE = re.compile(r"rehearsal-[0-9a-f]{6}")
KEPT = {"cidr", "allowed_cidrs", "alarms"}
CIDR = "10.20.0.0/16"
"""Of the rehearsal's network, if the environment uses one that exists."""
TAG = {"purpose": "slipway-rehearsal"}


def _in(account: str, team: PipelineSettings) -> dict[str, object]:
    """The team's [alerts], with ARNs of the rehearsal's account."""
    kept = team.alerts.model_dump(mode="json", exclude_unset=True)
    return {
        key: value.replace(f":{team.account}:", f":{account}:") if isinstance(value, str) else value
        for key, value in kept.items()
    }


def new_service() -> str:
    """A new service name, with six random hexadecimal digits."""
    return f"rehearsal-{secrets.token_hex(3)}"


def derive(team: PipelineSettings, *, account: str, service: str) -> dict[str, object]:
    """The settings of pipeline.toml: the first environment, two small hosts, plain HTTP, a source in S3.

    account: of the rehearsal, which may differ from the team's.
    """
    boundary = team.permissions_boundary
    tags = [*TAG.items(), *((name, value) for name, value in team.tags.items() if name not in TAG)]
    first = team.environments[0].model_dump(mode="json", include=KEPT, exclude_unset=True)
    derived: dict[str, object] = {
        "service": service,
        "account": account,
        "region": team.region,
        "log_retention_days": 1,
        "codedeploy_managed_policy": team.codedeploy_managed_policy,
        "tags": dict(tags[:MOST_TAGS]),
        "app": team.app.model_dump(mode="json", exclude_unset=True),
        "source": {"s3": {}},
        "alerts": _in(account, team),
        "environments": [
            {
                "cidr": CIDR,
                **first,
                "name": ENVIRONMENT,
                "minimum_hosts": HOSTS,
                "maximum_hosts": HOSTS,
                "plain_http": True,
                "deletion_protection": False,
                "dashboard": False,
            }
        ],
    }
    if boundary:
        derived["permissions_boundary"] = boundary.replace(team.account, account)
    return derived


def begin(root: Path, directory: Path, team: PipelineSettings, account: str) -> Project:
    """Start a new rehearsal: write its settings into the directory.

    Raises SettingsError if they are invalid.
    """
    derived = derive(team, account=account, service=new_service())
    settle(derived, file=str(directory / FILE))
    text = "# Written by slipway rehearse --account.\n" + render(derived)
    (directory / FILE).write_text(text, encoding="utf-8")
    return kept(root, directory)


def kept(root: Path, directory: Path) -> Project:
    """The rehearsal whose settings are in the directory.

    Raises SlipwayError for another service's settings.
    """
    settings = load(directory / FILE)
    if not SERVICE.fullmatch(settings.service) or settings.state_bucket:
        raise SlipwayError(
            f"{directory / FILE} is not the settings of a rehearsal: its service is {settings.service}",
            why="a rehearsal destroys the stacks in its settings, so it accepts only its own settings",
            then=f"delete {directory}; the resources of {settings.service} are not changed",
        )
    return Project(root, settings, Names.of(settings))


def render(table: Mapping[str, object]) -> str:
    """The table as TOML, one key on each line, with inline tables."""
    return "".join(f"{key} = {_value(value)}\n" for key, value in table.items())


def _value(value: object) -> str:
    match value:
        case Mapping():
            return (
                "{ " + ", ".join(f"{json.dumps(key)} = {_value(item)}" for key, item in value.items()) + " }"
            )
        case list():
            return f"[{', '.join(map(_value, value))}]"
        case _:  # JSON's strings, numbers, true and false are valid TOML
            return json.dumps(value)
