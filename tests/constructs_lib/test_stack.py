import json
from typing import Any

from constructs_lib.stack import Stack, StateLocation
from constructs_lib.testing import Testing, resource

import cdktf
import pytest
from cdktf_cdktf_provider_aws.iam_role import IamRole

from tests.constructs_lib.samples import role

BOUNDARY = "arn:aws:iam::123456789012:policy/boundary"


def stack(**changes: str) -> Stack:
    return Stack(
        cdktf.Testing.app(),
        "my-app-prod",
        account="123456789012",
        region="eu-central-1",
        state=StateLocation("my-app-tfstate", "eu-west-1", "my-app/my-app-prod.tfstate"),
        tags={"service": "my-app"},
        **changes,
    )


@pytest.fixture
def synthesised() -> dict[str, Any]:
    parsed: dict[str, Any] = json.loads(Testing.synth(stack()))
    return parsed


def test_the_state_is_encrypted_in_s3_and_locked_there(synthesised: dict[str, Any]) -> None:
    assert synthesised["terraform"]["backend"] == {
        "s3": {
            "bucket": "my-app-tfstate",
            "key": "my-app/my-app-prod.tfstate",
            "region": "eu-west-1",
            "encrypt": True,
            "use_lockfile": True,
        }
    }


def test_a_terraform_that_cannot_lock_in_s3_is_refused(synthesised: dict[str, Any]) -> None:
    assert synthesised["terraform"]["required_version"] == ">= 1.10"


def test_the_provider_works_in_one_region_of_one_account_only(synthesised: dict[str, Any]) -> None:
    (provider,) = synthesised["provider"]["aws"]

    assert provider["region"] == "eu-central-1"
    assert provider["allowed_account_ids"] == ["123456789012"]


def test_every_resource_gets_the_stacks_tags(synthesised: dict[str, Any]) -> None:
    (provider,) = synthesised["provider"]["aws"]

    assert provider["default_tags"] == [{"tags": {"service": "my-app"}}]


def test_every_role_in_the_stack_is_bounded_by_its_permissions_boundary() -> None:
    bounded = stack(permissions_boundary=BOUNDARY)
    role(bounded)

    assert resource(Testing.synth(bounded), IamRole)["permissions_boundary"] == BOUNDARY


def test_roles_are_unbounded_unless_a_boundary_is_said() -> None:
    unbounded = stack()
    role(unbounded)

    assert "permissions_boundary" not in resource(Testing.synth(unbounded), IamRole)
