"""A rehearsal's settings: the team's, small, under a name of its own."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from modules.config.load import settle
from modules.config.names import Names
from slipway.account_rehearsal import settings
from slipway.console.errors import SlipwayError
from tests.settings import (
    ACCOUNT,
    BOUNDARY_ARN,
    CERTIFICATE_ARN,
    demo,
    environment,
    longest,
    minimal,
    variants,
)

SANDBOX = "210987654321"
SERVICE = "rehearsal-0a1b2c"


def test_it_has_names_tags_and_a_state_bucket_of_its_own() -> None:
    team = minimal(tags={"team": "ours"}, state_bucket="the-teams-own-state")
    derived = settle(settings.derive(team, account=SANDBOX, service=SERVICE))
    names = Names.of(derived)
    assert names.state_bucket == f"{SERVICE}-tfstate-{SANDBOX}-eu-central-1"
    assert {stack.startswith(SERVICE) for stack in names.stacks} == {True}
    assert derived.tags == {"team": "ours", "purpose": "slipway-rehearsal"}


def test_it_is_small_and_can_be_deleted_again() -> None:
    team = minimal(
        environments=[
            environment(
                certificate_arn=CERTIFICATE_ARN,
                minimum_hosts=6,
                maximum_hosts=9,
                approval=True,
                nat="per_zone",
            ),
            environment(name="prod", cidr="10.30.0.0/16"),
        ]
    )
    (only,) = settle(settings.derive(team, account=ACCOUNT, service=SERVICE)).environments
    assert (only.minimum_hosts, only.maximum_hosts, only.nat) == (2, 2, "single")
    assert only.plain_http
    assert not any((only.certificate_arn, only.approval, only.deletion_protection))


def test_a_boundary_is_looked_for_in_the_account_that_is_rehearsed_in() -> None:
    team = minimal(permissions_boundary=BOUNDARY_ARN)
    derived = settle(settings.derive(team, account=SANDBOX, service=SERVICE))
    assert derived.permissions_boundary == BOUNDARY_ARN.replace(ACCOUNT, SANDBOX)


@pytest.mark.parametrize("name", sorted(variants()))
def test_every_teams_settings_can_be_rehearsed(name: str) -> None:
    settle(settings.derive(variants()[name], account=SANDBOX, service=settings.new_service()))


def test_the_longest_names_fit() -> None:
    derived = settle(settings.derive(longest(), account=SANDBOX, service=SERVICE))
    assert all(len(each.name) <= each.limit for each in Names.of(derived).limited())


def test_what_is_written_is_what_was_derived(tmp_path: Path) -> None:
    begun = settings.begin(tmp_path, tmp_path, demo(), SANDBOX)
    again = settings.kept(tmp_path, tmp_path)
    assert again.settings == begun.settings
    assert settings.SERVICE.fullmatch(again.settings.service)


@pytest.mark.parametrize(
    "table",
    [{"a": 'a "quoted"\n\\ü'}, {"a": {"b": [1, True, "c"]}}, {"a": [{"b": 0.5}, {}]}],
    ids=["text", "table", "tables"],
)
def test_it_is_written_as_toml(table: dict[str, Any]) -> None:
    assert tomllib.loads(settings.render(table)) == table


@pytest.mark.parametrize("change", ['service = "my-app"', 'state_bucket = "my-app-tfstate"'])
def test_settings_that_are_no_rehearsals_are_refused(tmp_path: Path, change: str) -> None:
    """Whatever they name would be destroyed."""
    settings.begin(tmp_path, tmp_path, demo(), ACCOUNT)
    file = tmp_path / settings.FILE
    kept = [
        line
        for line in file.read_text("utf-8").splitlines()
        if line.split(" ")[0] != change.split(" ", maxsplit=1)[0]
    ]
    file.write_text("\n".join([change, *kept]), "utf-8")
    with pytest.raises(SlipwayError, match="is not the settings of a rehearsal"):
        settings.kept(tmp_path, tmp_path)
