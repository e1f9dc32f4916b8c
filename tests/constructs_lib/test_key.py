import json

from constructs_lib.key import ExistingKey, Key, KnownKey, logs_use, service_use
from constructs_lib.place import Place
from constructs_lib.testing import (
    Testing,
    assert_has_resource_with_properties,
    resource,
    statement,
    statements,
)

import pytest
from cdktf import TerraformStack
from cdktf_cdktf_provider_aws.kms_alias import KmsAlias
from cdktf_cdktf_provider_aws.kms_key import KmsKey

from tests.constructs_lib.building import ACCOUNT, REGION
from tests.constructs_lib.samples import SHARED_KEY, granted, key, role


def test_a_key_rotates_and_takes_thirty_days_to_be_deleted() -> None:
    assert_has_resource_with_properties(
        Testing.synth_scope(key), KmsKey, {"enable_key_rotation": True, "deletion_window_in_days": 30}
    )


def test_a_key_is_known_by_its_alias() -> None:
    alias = resource(Testing.synth_scope(key), KmsAlias)

    assert alias["name"] == "alias/tests"
    assert alias["target_key_id"].startswith("${aws_kms_key.key_")


def test_the_accounts_iam_decides_so_that_nobody_is_locked_out() -> None:
    assert statements(resource(Testing.synth_scope(key), KmsKey)) == [
        {
            "Sid": "AccountDecides",
            "Effect": "Allow",
            "Principal": {"AWS": [f"arn:aws:iam::{ACCOUNT}:root"]},
            "Action": ["kms:*"],
            "Resource": ["*"],
        }
    ]


def test_a_service_that_publishes_encrypted_messages_may_use_the_key_whatever_the_source() -> None:
    synthesised = Testing.synth_scope(
        lambda stack: Key(
            stack,
            "key",
            description="Alerts.",
            alias="alias/alerts",
            services=[service_use("events.amazonaws.com")],
        )
    )

    assert statement(resource(synthesised, KmsKey), "UseEvents") == {
        "Sid": "UseEvents",
        "Effect": "Allow",
        "Principal": {"Service": ["events.amazonaws.com"]},
        "Action": ["kms:Decrypt", "kms:GenerateDataKey*"],
        "Resource": ["*"],
    }


def test_cloudwatch_logs_may_use_the_key_for_log_groups_of_the_account_only() -> None:
    used = logs_use(Place(ACCOUNT, REGION)).render()

    assert used["Principal"] == {"Service": [f"logs.{REGION}.amazonaws.com"]}
    assert used["Action"] == [
        "kms:Encrypt",
        "kms:Decrypt",
        "kms:ReEncrypt*",
        "kms:GenerateDataKey*",
        "kms:DescribeKey",
    ]
    assert used["Condition"] == {
        "ArnLike": {"kms:EncryptionContext:aws:logs:arn": f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:*"}
    }


def test_a_role_may_decrypt_only_what_was_encrypted_in_the_context() -> None:
    def build(stack: TerraformStack) -> None:
        context = {"PARAMETER_ARN": f"arn:aws:ssm:{REGION}:{ACCOUNT}:parameter/my-app/*"}
        key(stack).grant_decrypt(role(stack), "decrypt-parameters", context=context)

    (only,) = granted(Testing.synth_scope(build), "decrypt-parameters")
    assert only["Action"] == ["kms:Decrypt"]
    assert only["Resource"][0].startswith("${aws_kms_key.key_")
    assert only["Condition"] == {
        "StringLike": {
            "kms:EncryptionContext:PARAMETER_ARN": f"arn:aws:ssm:{REGION}:{ACCOUNT}:parameter/my-app/*"
        }
    }


def test_a_key_of_another_stack_is_named_by_its_alias() -> None:
    assert SHARED_KEY.statement("kms:Decrypt").render() == {
        "Effect": "Allow",
        "Action": ["kms:Decrypt"],
        "Resource": [f"arn:aws:kms:{REGION}:{ACCOUNT}:key/*"],
        "Condition": {
            "ForAnyValue:StringLike": {"kms:ResourceAliases": ["alias/shared", "alias/shared/replaced*"]}
        },
    }


def test_a_key_of_another_stack_can_be_used_through_one_service_only() -> None:
    through = SHARED_KEY.statement("kms:Decrypt", via=f"s3.{REGION}.amazonaws.com")

    assert through.conditions["StringEquals"] == {"kms:ViaService": f"s3.{REGION}.amazonaws.com"}


def test_a_key_of_another_stack_has_the_arn_of_its_alias() -> None:
    assert SHARED_KEY.reference == f"arn:aws:kms:{REGION}:{ACCOUNT}:alias/shared"


ARN = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/12345678-90ab-4def-8234-567890abcdef"


def test_a_key_that_exists_is_only_looked_up() -> None:
    synthesised = json.loads(Testing.synth_scope(lambda stack: ExistingKey(stack, "key", arn=ARN)))

    (data,) = synthesised["data"]["aws_kms_key"].values()
    assert data["key_id"] == ARN
    assert "resource" not in synthesised


@pytest.mark.parametrize(
    ("condition", "message"),
    [
        ('self.key_manager == "CUSTOMER"', "is managed by AWS"),
        (
            'self.key_usage == "ENCRYPT_DECRYPT" && self.key_spec == "SYMMETRIC_DEFAULT"',
            "is for ${self.key_usage} with ${self.key_spec}",
        ),
        ('self.key_state == "Enabled"', "is in the state ${self.key_state}"),
    ],
)
def test_a_plan_refuses_a_key_that_cannot_encrypt(condition: str, message: str) -> None:
    synthesised = json.loads(Testing.synth_scope(lambda stack: ExistingKey(stack, "key", arn=ARN)))

    (data,) = synthesised["data"]["aws_kms_key"].values()
    (found,) = [each for each in data["lifecycle"]["postcondition"] if condition in each["condition"]]
    assert message in found["error_message"]


def test_whoever_gets_a_key_cannot_tell_whether_it_was_created() -> None:
    def both(stack: TerraformStack) -> None:
        worker = role(stack)
        for name, one in (("made", key(stack)), ("existing", ExistingKey(stack, "existing", arn=ARN))):
            one.grant_decrypt(worker, name, context={"PARAMETER_ARN": "*"})
            worker.allow(f"use-{name}", one.statement("kms:Encrypt", via="s3.amazonaws.com"))

    synthesised = Testing.synth_scope(both)
    for purpose in ("", "use-"):
        made, existing = granted(synthesised, f"{purpose}made"), granted(synthesised, f"{purpose}existing")
        assert existing == [{**made[0], "Resource": [ARN]}]


def test_a_key_known_by_its_arn_stands_for_one_known_by_its_alias() -> None:
    known = KnownKey(ARN)

    assert known.reference == ARN
    assert known.statement("kms:Decrypt", via="s3.amazonaws.com").render() == {
        "Effect": "Allow",
        "Action": ["kms:Decrypt"],
        "Resource": [ARN],
        "Condition": {"StringEquals": {"kms:ViaService": "s3.amazonaws.com"}},
    }
