from constructs_lib.managed_policy import ManagedPolicy
from constructs_lib.policy import PolicyTooLongError, Statement
from constructs_lib.testing import Testing, assert_has_resource_with_properties, resource, statements

import pytest
from cdktf import TerraformStack
from cdktf_cdktf_provider_aws.iam_policy import IamPolicy


def receiving(queues: int = 1) -> list[Statement]:
    resources = [f"arn:aws:sqs:eu-central-1:123456789012:jobs-{number}" for number in range(queues)]
    return [Statement(actions=["sqs:ReceiveMessage"], resources=resources)]


def policy(stack: TerraformStack, queues: int = 1) -> ManagedPolicy:
    return ManagedPolicy(
        stack, "reader", name="my-app-reader", description="Reads.", statements=receiving(queues)
    )


def test_a_managed_policy_has_its_name_and_says_what_it_is_for() -> None:
    assert_has_resource_with_properties(
        Testing.synth_scope(policy), IamPolicy, {"name": "my-app-reader", "description": "Reads."}
    )


def test_it_allows_what_its_statements_say() -> None:
    assert statements(resource(Testing.synth_scope(policy), IamPolicy)) == [receiving()[0].render()]


def test_one_that_is_longer_than_aws_takes_is_refused_with_its_length() -> None:
    words = r"the policy my-app-reader would have 7,\d+ characters; AWS allows 6,144"
    with pytest.raises(PolicyTooLongError, match=words):
        Testing.synth_scope(lambda stack: policy(stack, queues=150))


def test_white_space_does_not_count() -> None:
    Testing.synth_scope(lambda stack: policy(stack, queues=123))
