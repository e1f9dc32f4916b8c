"""What doctor finds of Auto Scaling: whether it could do what it last tried, and may use the volumes' key."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.stub import Stubber

from slipway.doctor import hosts
from slipway.status.survey import Survey
from tests.settings import ACCOUNT
from tests.slipway.doctor.test_account import Here, of, said
from tests.slipway.status.world import World, world

KEY = f"arn:aws:kms:eu-central-1:{ACCOUNT}:key/12345678-90ab-cdef-1234-567890abcdef"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling"
ROOT = f"arn:aws:iam::{ACCOUNT}:root"
REFUSED = "The requested configuration is currently not supported. Launching EC2 instance failed."
THEN = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)


@pytest.fixture
def here() -> Iterator[Here]:
    with world() as made:
        yield Here(made, of(made.settings, made))


def activity(status: str, message: str = "") -> dict[str, Any]:
    said = {"StatusMessage": message} if message else {}
    return {
        "ActivityId": status,
        "AutoScalingGroupName": "my-app-staging",
        "Cause": "the group's size",
        "StartTime": THEN,
        "StatusCode": status,
        **said,
    }


@pytest.fixture
def deployed(here: Here) -> World:
    here.world.apply_foundation()
    here.world.apply_environment(hosts=0)
    return here.world


@pytest.mark.parametrize(
    "before",
    [
        [activity("Failed", REFUSED)],
        [activity("PreInService"), activity("Failed", REFUSED), activity("Successful")],
    ],
)
def test_what_auto_scaling_could_not_do_is_told_by_doctor_and_status(
    here: Here, deployed: World, before: list[dict[str, Any]]
) -> None:
    with Stubber(here.world.aws.autoscaling) as stub:
        stub.add_response("describe_scaling_activities", {"Activities": before})
        [found] = hosts.launches(here.project, here.world.aws)
    assert (found.state, found.why) == ("todo", REFUSED)
    assert found.what == "staging: the last activity of Auto Scaling failed, at 2026-11-28 12:00 UTC"
    assert "describe-scaling-activities --auto-scaling-group-name my-app-staging" in found.then
    with Stubber(here.world.aws.autoscaling) as stub:
        stub.add_response("describe_auto_scaling_groups", {"AutoScalingGroups": []})
        stub.add_response("describe_scaling_activities", {"Activities": before})
        survey = Survey.of(here.world.aws, here.world.names, [here.world.environment()])
        [staging] = survey.status().environments
    assert staging.remarks[0] == f"the last activity of Auto Scaling failed: {REFUSED}"


@pytest.mark.parametrize("before", [[], [activity("Successful"), activity("Failed", REFUSED)]])
def test_what_succeeded_afterwards_is_not_told(
    here: Here, deployed: World, before: list[dict[str, Any]]
) -> None:
    with Stubber(here.world.aws.autoscaling) as stub:
        stub.add_response("describe_scaling_activities", {"Activities": before})
        assert said(hosts.launches(here.project, here.world.aws)) == []


def volumes(here: Here, *principals: object, grants: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    """What is said of a key whose policy allows it to these principals."""
    statements = [
        {"Effect": "Allow", "Principal": principal, "Action": "kms:*", "Resource": "*"}
        for principal in principals
    ]
    with Stubber(here.world.aws.ec2) as ec2, Stubber(here.world.aws.kms) as kms:
        ec2.add_response("get_ebs_default_kms_key_id", {"KmsKeyId": KEY})
        kms.add_response("get_key_policy", {"Policy": json.dumps({"Statement": statements})})
        kms.add_response("list_grants", {"Grants": [{"GranteePrincipal": grant} for grant in grants]})
        return said(hosts.volumes(here.project, here.world.aws))


def test_awss_own_key_is_every_services(here: Here) -> None:
    with Stubber(here.world.aws.ec2) as ec2:
        ec2.add_response("get_ebs_default_kms_key_id", {"KmsKeyId": "alias/aws/ebs"})
        assert said(hosts.volumes(here.project, here.world.aws)) == [
            ("ok", "volumes are encrypted with the AWS managed key")
        ]


@pytest.mark.parametrize(
    ("principals", "grants"),
    [
        ([{"AWS": ROOT}, {"AWS": ROLE}], ()),
        ([{"AWS": [ROOT, ROLE]}], ()),
        ([{"AWS": "*"}], ()),
        (["*"], ()),
        ([{"AWS": ROOT}], ("arn:aws:iam::123456789012:role/other", ROLE)),
    ],
)
def test_a_key_of_the_accounts_has_to_be_open_to_auto_scaling(
    here: Here, principals: list[object], grants: tuple[str, ...]
) -> None:
    [(state, what)] = volumes(here, *principals, grants=grants)
    assert (state, what) == ("ok", f"volumes are encrypted with {KEY}, which Auto Scaling may use")


@pytest.mark.parametrize("principal", [{"AWS": ROOT}, {"Service": "ec2.amazonaws.com"}])
def test_a_key_that_leaves_it_to_roles_starts_no_host(here: Here, principal: object) -> None:
    [(state, what)] = volumes(here, principal)
    assert state == "todo"
    assert what.endswith("which Auto Scaling may not use: no host will start")
