from constructs_lib.policy import PolicyTooLongError, Statement, assumed_by
from constructs_lib.role import BOUNDARY, Role
from constructs_lib.testing import (
    Testing,
    assert_has_no_resource,
    assert_has_resource_with_properties,
    resource,
    resources,
)

import pytest
from cdktf import TerraformStack
from cdktf_cdktf_provider_aws.iam_role import IamRole
from cdktf_cdktf_provider_aws.iam_role_policy import IamRolePolicy

from tests.constructs_lib.samples import granted, role, trust

RECEIVE = Statement(actions=["sqs:ReceiveMessage"], resources=["arn:aws:sqs:eu-central-1:123456789012:jobs"])
DELETE = Statement(actions=["sqs:DeleteMessage"], resources=["arn:aws:sqs:eu-central-1:123456789012:jobs"])


def test_a_role_has_its_name_and_says_what_it_is_for() -> None:
    assert_has_resource_with_properties(
        Testing.synth_scope(role), IamRole, {"name": "worker", "description": "Works."}
    )


def test_a_role_can_do_nothing_until_something_is_granted() -> None:
    assert_has_no_resource(Testing.synth_scope(role), IamRolePolicy)


def test_only_who_is_named_may_assume_it() -> None:
    assert trust(Testing.synth_scope(role))["Principal"] == {"Service": ["ec2.amazonaws.com"]}


def test_a_session_lasts_an_hour() -> None:
    assert resource(Testing.synth_scope(role), IamRole)["max_session_duration"] == 3600


def test_a_session_lasts_as_many_hours_as_are_said() -> None:
    synthesised = Testing.synth_scope(
        lambda stack: Role(
            stack,
            "worker",
            name="worker",
            description="Works.",
            trust=assumed_by("ec2.amazonaws.com"),
            max_session_hours=4,
        )
    )

    assert resource(synthesised, IamRole)["max_session_duration"] == 14400


def test_a_role_is_unbounded_where_its_stack_names_no_boundary() -> None:
    assert_has_resource_with_properties(Testing.synth_scope(role), IamRole, {"permissions_boundary": None})


def test_a_role_takes_the_permissions_boundary_of_its_stack() -> None:
    def build(stack: TerraformStack) -> None:
        stack.node.set_context(BOUNDARY, "arn:aws:iam::123456789012:policy/boundary")
        role(stack)

    assert_has_resource_with_properties(
        Testing.synth_scope(build),
        IamRole,
        {"permissions_boundary": "arn:aws:iam::123456789012:policy/boundary"},
    )


def test_a_grant_is_an_inline_policy_named_after_its_purpose() -> None:
    synthesised = Testing.synth_scope(lambda stack: role(stack).allow("receive", RECEIVE, DELETE))

    policy = resource(synthesised, IamRolePolicy, "worker/receive")
    assert policy["name"] == "receive"
    assert policy["role"].startswith("${aws_iam_role.worker_role_")
    assert granted(synthesised, "receive") == [RECEIVE.render(), DELETE.render()]


def test_each_purpose_is_a_policy_of_its_own() -> None:
    def build(stack: TerraformStack) -> None:
        worker = role(stack)
        worker.allow("receive", RECEIVE)
        worker.allow("delete", DELETE)

    assert {each["name"] for each in resources(Testing.synth_scope(build), IamRolePolicy).values()} == {
        "receive",
        "delete",
    }


def test_a_role_knows_its_grants_for_those_that_must_wait_for_them() -> None:
    def build(stack: TerraformStack) -> None:
        worker = role(stack)
        worker.allow("receive", RECEIVE)
        worker.allow("delete", DELETE)
        assert [grant.node.id for grant in worker.grants] == ["receive", "delete"]

    Testing.synth_scope(build)


def test_inline_policies_that_aws_would_refuse_together_are_refused_with_their_length() -> None:
    def grant(stack: TerraformStack) -> None:
        worker = role(stack)
        for number in range(100):
            queue = f"arn:aws:sqs:eu-central-1:123456789012:{number:040}"
            worker.allow(f"receive-{number}", Statement(actions=RECEIVE.actions, resources=[queue]))

    words = r"the inline policies of the role worker would have 10,\d+ characters; AWS allows 10,240"
    with pytest.raises(PolicyTooLongError, match=words):
        Testing.synth_scope(grant)
