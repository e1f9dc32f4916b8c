"""The settings of a rehearsal in an account: the team's, made small, under a name of its own.

They are kept in a file beside the record, so that an interrupted rehearsal goes on with them, and so that
every other command can look at it: ``SLIPWAY_SETTINGS`` names that file.
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
"""Where commands keep what they write, this is the directory of a rehearsal."""
FILE = "pipeline.toml"
OUTPUT = "cdktf.out"
ENVIRONMENT = "sandbox"
HOSTS = 2
"""With one, a release interrupts the service, and a deployment one host at a time is none."""
SERVICE = re.compile(r"rehearsal-[0-9a-f]{6}")
KEPT = {"cidr", "allowed_cidrs", "alarms"}
TAG = {"purpose": "slipway-rehearsal"}


def new_service() -> str:
    """The name of a rehearsal that there was none of yet."""
    return f"rehearsal-{secrets.token_hex(3)}"


def derive(team: PipelineSettings, *, account: str, service: str) -> dict[str, object]:
    """What pipeline.toml would say: the first environment, two of the smallest hosts, plain HTTP, no domain.

    account: where it is rehearsed, which need not be the team's. The source is S3: nothing is pushed.
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
        "alerts": {"emails": list(team.alerts.emails)},
        "environments": [
            {
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
    """A new rehearsal, whose settings are kept in the directory. Raises SettingsError if none can be."""
    derived = derive(team, account=account, service=new_service())
    settle(derived, file=str(directory / FILE))
    text = "# Written by slipway rehearse --account.\n" + render(derived)
    (directory / FILE).write_text(text, encoding="utf-8")
    return kept(root, directory)


def kept(root: Path, directory: Path) -> Project:
    """The rehearsal whose settings the directory keeps. Refuses settings under any other kind of name."""
    settings = load(directory / FILE)
    if not SERVICE.fullmatch(settings.service) or settings.state_bucket:
        raise SlipwayError(
            f"{directory / FILE} does not belong to a rehearsal: its service is {settings.service}",
            why="a rehearsal destroys what its settings name, so it takes none but those that it wrote",
            then=f"remove {directory}; what was made under that name is not touched",
        )
    return Project(root, settings, Names.of(settings))


def render(table: Mapping[str, object]) -> str:
    """The table as TOML, a key a line; tables inside it inline."""
    return "".join(f"{key} = {_value(value)}\n" for key, value in table.items())


def _value(value: object) -> str:
    match value:
        case Mapping():
            return (
                "{ " + ", ".join(f"{json.dumps(key)} = {_value(each)}" for key, each in value.items()) + " }"
            )
        case list():
            return f"[{', '.join(map(_value, value))}]"
        case _:  # a string in JSON is one in TOML, and so are numbers, true and false
            return json.dumps(value)
