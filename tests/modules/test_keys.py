"""What the policy of a key that exists must allow: what Slipway would write into one of its own, no more."""

import json
from typing import Any

from constructs_lib.testing import Testing, assert_has_no_resource

import cdktf
import pytest
from cdktf_cdktf_provider_aws.kms_key import KmsKey

from modules import apply_permissions, keys, operator_permissions, plan_permissions
from modules.config.names import Names
from modules.config.settings import PipelineSettings
from modules.foundation import FoundationStack
from tests.settings import (
    ACCOUNT,
    ENVIRONMENT_KEY_ARN,
    KEY_ARN,
    TOPIC_ARN,
    environment,
    minimal,
    one_environment,
    variants,
)
from tests.synthesis import synthesised

BOTH = variants()["s3-source-elsewhere"]
ROOT = {"AWS": [f"arn:aws:iam::{ACCOUNT}:root"]}


def required(settings: PipelineSettings, arn: str) -> list[dict[str, Any]]:
    return [statement.render() for statement in keys.required(Names.of(settings), arn)]


def for_services(policy: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [statement for statement in policy if "Service" in statement["Principal"]]


def test_services_may_what_the_policies_of_created_keys_allow_them() -> None:
    """Of the foundation and the delivery stack together, and of the environment."""
    created = {
        resource.path.partition("/")[0]: for_services(json.loads(resource["policy"])["Statement"])
        for resource in synthesised("http").resources("aws_kms_key")
    }
    shared = [*created["my-app-foundation"], *created["my-app-delivery"]]

    assert for_services(required(BOTH, KEY_ARN)) == shared
    assert for_services(required(BOTH, ENVIRONMENT_KEY_ARN)) == created["my-app-staging"]


def test_one_key_for_everything_needs_both_and_each_once() -> None:
    one = minimal(key_arn=KEY_ARN, environments=[environment(key_arn=KEY_ARN)])

    assert required(one, KEY_ARN) == required(BOTH, KEY_ARN)


def test_with_a_topic_that_exists_only_its_key_lets_publishers_use_it() -> None:
    settings = minimal(key_arn=KEY_ARN, alerts={"topic_arn": TOPIC_ARN, "topic_key_arn": ENVIRONMENT_KEY_ARN})

    assert [each["Sid"] for each in for_services(required(settings, KEY_ARN))] == ["UseLogs"]
    assert [each["Sid"] for each in for_services(required(settings, ENVIRONMENT_KEY_ARN))] == [
        "UseCloudwatch",
        "UseEvents",
    ]


def test_grants_are_only_for_aws_services_and_only_on_the_key_of_repositories() -> None:
    grants = [each for each in required(BOTH, KEY_ARN) if "kms:CreateGrant" in each["Action"]]

    assert [(each["Principal"], each["Condition"]) for each in grants] == [
        (ROOT, {"Bool": {"kms:GrantIsForAWSResource": "true"}})
    ]
    assert not [each for each in required(BOTH, ENVIRONMENT_KEY_ARN) if "kms:CreateGrant" in each["Action"]]


def test_a_stack_with_a_key_that_exists_creates_none_and_its_plan_shows_what_it_must_allow() -> None:
    made = Testing.synth(FoundationStack(cdktf.Testing.app(), BOTH))

    assert_has_no_resource(made, KmsKey)
    assert json.loads(json.loads(made)["output"]["key_policy"]["value"])["Statement"] == required(
        BOTH, KEY_ARN
    )


@pytest.mark.parametrize(
    ("settings", "actions"),
    [
        (BOTH, {"kms:DescribeKey"}),
        (
            one_environment(key_arn=ENVIRONMENT_KEY_ARN),
            {"kms:DescribeKey", "kms:GetKeyPolicy", "kms:GetKeyRotationStatus", "kms:ListAliases"}
            | {"kms:ListResourceTags"},
        ),
    ],
)
def test_a_plan_reads_the_policies_of_created_keys_only(
    settings: PipelineSettings, actions: set[str]
) -> None:
    granted = plan_permissions.statements(Names.of(settings))["read-storage"]
    reads = [each for each in granted if each.actions[0].startswith("kms:")]

    assert {action for each in reads for action in each.actions} == actions
    assert [each.resources for each in reads if not (each.conditions or each.reason)] == [
        Names.of(settings).encryption_keys
    ]


def test_whoever_applies_creates_no_key_in_place_of_ones_that_exist_and_changes_none() -> None:
    changing = [
        (action, *each.resources)
        for each in apply_permissions.person(Names.of(BOTH))
        for action in each.actions
        if action.startswith("kms:")
    ]

    assert changing == [
        ("kms:DescribeKey", KEY_ARN, ENVIRONMENT_KEY_ARN),
        ("kms:CreateGrant", KEY_ARN),
        ("kms:RetireGrant", KEY_ARN),
    ]


def test_an_operator_uses_a_key_that_exists_only_for_parameters_of_the_service() -> None:
    (use,) = [each for each in operator_permissions.operator(Names.of(BOTH)) if "kms:Encrypt" in each.actions]

    assert use.conditions == {
        "StringEquals": {"kms:ViaService": "ssm.eu-central-1.amazonaws.com"},
        "StringLike": {
            "kms:EncryptionContext:PARAMETER_ARN": f"arn:aws:ssm:eu-central-1:{ACCOUNT}:parameter/my-app/*"
        },
    }
