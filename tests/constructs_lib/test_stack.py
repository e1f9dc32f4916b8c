import json
import os
from pathlib import Path
from typing import Any
from unittest.mock import patch

from constructs_lib.stack import App, Block, Stack, StateLocation, UnknownStackError, add_blocks, synthesise
from constructs_lib.testing import Testing, resource

import cdktf
import pytest
from cdktf_cdktf_provider_aws.iam_role import IamRole

from tests.constructs_lib.samples import role

BOUNDARY = "arn:aws:iam::123456789012:policy/boundary"
REMOVED = {"from": "aws_iam_role.earlier", "lifecycle": {"destroy": False}}


PLACE: dict[str, Any] = {
    "account": "123456789012",
    "region": "eu-central-1",
    "state": StateLocation("my-app-tfstate", "eu-west-1", "my-app/my-app-prod.tfstate"),
    "tags": {"service": "my-app"},
}


def stack(**changes: Any) -> Stack:  # noqa: ANN401 - arguments of any type
    return Stack(cdktf.Testing.app(), "my-app-prod", **PLACE, **changes)


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


def written(directory: Path, blocks: dict[str, dict[str, list[Block]]] | None) -> dict[str, Any]:
    """What ``synthesise`` writes of a stack with a role, which the code imports, and a removed block."""

    def build(app: App) -> None:
        made = Stack(app, "my-app-prod", **PLACE)
        IamRole(made, "role", assume_role_policy="{}").import_from("role-of-the-code")
        add_blocks(made, "removed", [REMOVED])

    with patch.dict(os.environ, CDKTF_OUTDIR=str(directory)):
        synthesise(build, blocks)
    found: dict[str, Any] = json.loads((directory / "stacks/my-app-prod/cdk.tf.json").read_text("utf-8"))
    return found


def test_blocks_stand_after_those_of_the_code(tmp_path: Path) -> None:
    vpc, moved = {"to": "aws_vpc.a", "id": "vpc-1"}, {"from": "aws_vpc.b", "to": "aws_vpc.a"}
    also = {"from": "aws_eip.old", "lifecycle": {"destroy": False}}

    found = written(tmp_path, {"my-app-prod": {"import": [vpc], "moved": [moved], "removed": [also]}})

    assert found["import"] == [{"to": "aws_iam_role.role", "id": "role-of-the-code"}, vpc]
    assert (found["moved"], found["removed"]) == ([moved], [REMOVED, also])


def test_without_blocks_a_stack_is_the_same_to_the_byte(tmp_path: Path) -> None:
    assert written(tmp_path / "none", None) == written(tmp_path / "empty", {})


def test_blocks_for_a_stack_that_does_not_exist_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UnknownStackError, match="no stack is named my-app-test"):
        written(tmp_path, {"my-app-test": {"import": [{"to": "aws_vpc.a", "id": "vpc-1"}]}})
