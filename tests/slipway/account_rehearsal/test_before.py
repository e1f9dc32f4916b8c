"""What a rehearsal must not begin beside, and what it says before it begins."""

import json
from pathlib import Path

import pytest

from modules.config.names import Names
from slipway.account_rehearsal import before
from slipway.aws.clients import Aws
from slipway.console.errors import SlipwayError
from slipway.terraform.state.bootstrap import bootstrap
from slipway.terraform.state.bucket import StateBucket
from tests.settings import ACCOUNT, demo, minimal
from tests.slipway.account_rehearsal.sandboxes import sandbox
from tests.slipway.accounts import emptied

RESOURCES = [{"mode": "managed", "instances": [{}]}]


def keep_state(aws: Aws, resources: object) -> None:
    """The state of the foundation of the demo's settings."""
    names = Names.of(demo())
    bootstrap(StateBucket.of(aws, demo(), names), lambda _line: None)
    body = json.dumps({"resources": resources}).encode()
    aws.s3.put_object(Bucket=names.state_bucket, Key=names.state_key(names.foundation_stack), Body=body)


def test_an_account_with_the_settings_own_stacks_is_refused() -> None:
    with emptied() as aws:
        keep_state(aws, RESOURCES)
        with pytest.raises(
            SlipwayError, match=r"own stacks are applied in .*: my-app-foundation[\s\S]*--beside-stacks"
        ):
            before.refuse_beside_stacks(aws, demo(), ACCOUNT)


def test_one_in_which_they_were_destroyed_or_never_applied_is_not() -> None:
    with emptied() as aws:
        before.refuse_beside_stacks(aws, demo(), ACCOUNT)
        keep_state(aws, [])
        before.refuse_beside_stacks(aws, demo(), ACCOUNT)


def test_state_that_the_team_keeps_in_another_account_does_not_matter() -> None:
    with emptied() as aws:
        before.refuse_beside_stacks(aws, minimal(state_bucket="ours-elsewhere"), "210987654321")


def test_it_says_what_it_makes_costs_and_takes_and_that_aws_never_saw_it(tmp_path: Path) -> None:
    with emptied() as aws:
        said = "\n".join(before.announcement(sandbox(tmp_path, aws)))
    for words in (ACCOUNT, "rehearsal-", "-tfstate-", "US dollars per hour", "60 to 90 minutes", "GitHub"):
        assert words in said
    assert "team@example.com" in said
    assert "So far this has run against an emulated AWS only" in said
