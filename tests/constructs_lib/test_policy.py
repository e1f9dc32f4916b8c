import json

from constructs_lib.policy import Statement, assumed_by, deny_without_tls, document

import pytest

QUEUE = "arn:aws:sqs:eu-central-1:123456789012:jobs"
TOPIC = "arn:aws:sns:eu-central-1:123456789012:alerts"


def test_a_statement_allows_unless_it_says_deny() -> None:
    assert Statement(actions=["sqs:SendMessage"], resources=[QUEUE]).render() == {
        "Effect": "Allow",
        "Action": ["sqs:SendMessage"],
        "Resource": [QUEUE],
    }


def test_a_statement_renders_all_that_it_says_in_iams_shape() -> None:
    statement = Statement(
        sid="Send",
        effect="Deny",
        principals={"AWS": ["arn:aws:iam::123456789012:root"]},
        actions=("sqs:SendMessage",),
        resources=(QUEUE,),
        conditions={"ArnLike": {"aws:SourceArn": (TOPIC,)}, "Bool": {"aws:SecureTransport": "false"}},
    )

    assert statement.render() == {
        "Sid": "Send",
        "Effect": "Deny",
        "Principal": {"AWS": ["arn:aws:iam::123456789012:root"]},
        "Action": ["sqs:SendMessage"],
        "Resource": [QUEUE],
        "Condition": {"ArnLike": {"aws:SourceArn": [TOPIC]}, "Bool": {"aws:SecureTransport": "false"}},
    }


def test_a_reason_is_for_readers_of_the_code_and_never_sent_to_aws() -> None:
    statement = Statement(actions=["kms:ListAliases"], resources=["*"], reason="the action lists")

    assert "the action lists" not in document(statement)


def test_a_star_as_resource_without_a_reason_is_refused() -> None:
    with pytest.raises(ValueError, match=r"resource \* needs a reason, received none for sqs:SendMessage"):
        Statement(actions=["sqs:SendMessage"], resources=[QUEUE, "*"])


def test_a_star_as_resource_of_a_deny_needs_no_reason() -> None:
    assert Statement(effect="Deny", actions=["sqs:SendMessage"], resources=["*"]).render()["Resource"] == [
        "*"
    ]


def test_a_star_in_a_resource_policy_is_the_resource_itself_and_needs_no_reason() -> None:
    key_policy = Statement(
        principals={"Service": ["sns.amazonaws.com"]}, actions=["kms:Decrypt"], resources=["*"]
    )

    assert key_policy.render()["Resource"] == ["*"]


@pytest.mark.parametrize("action", ["*", "sqs:*"])
def test_a_whole_service_cannot_be_allowed(action: str) -> None:
    with pytest.raises(ValueError, match="name single actions, not all actions of a service"):
        Statement(actions=["sqs:SendMessage", action], resources=[QUEUE])


def test_an_allow_without_resources_or_principals_is_refused() -> None:
    with pytest.raises(ValueError, match="received neither for sqs:SendMessage"):
        Statement(actions=["sqs:SendMessage"])


def test_an_allow_to_everybody_without_conditions_is_refused() -> None:
    with pytest.raises(ValueError, match="an Allow to every principal needs conditions or a reason"):
        Statement(principals="*", actions=["sqs:SendMessage"], resources=[QUEUE])


def test_an_allow_to_everybody_who_meets_a_condition_is_taken() -> None:
    statement = Statement(
        principals="*",
        actions=["sqs:SendMessage"],
        resources=[QUEUE],
        conditions={"ArnEquals": {"aws:SourceArn": TOPIC}},
    )

    assert statement.render()["Principal"] == "*"


def test_an_allow_to_everybody_with_a_reason_is_taken_and_the_reason_stays_here() -> None:
    statement = Statement(principals="*", actions=["s3:GetObject"], resources=[QUEUE], reason="unsigned")

    assert "unsigned" not in str(statement.render())


def test_a_statement_without_actions_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one action"):
        Statement(actions=[], resources=[QUEUE])


def test_a_text_where_a_list_belongs_is_refused() -> None:
    with pytest.raises(ValueError, match="actions and resources must be lists, received 'sqs:SendMessage'"):
        Statement(actions="sqs:SendMessage", resources=[QUEUE])


def test_a_document_has_iams_current_version_and_its_statements_in_order() -> None:
    first = Statement(actions=["sqs:SendMessage"], resources=[QUEUE])
    second = Statement(actions=["sqs:ReceiveMessage"], resources=[QUEUE])

    assert json.loads(document(first, second)) == {
        "Version": "2012-10-17",
        "Statement": [first.render(), second.render()],
    }


def test_a_service_is_trusted_with_nothing_but_assuming_the_role() -> None:
    assert assumed_by("ec2.amazonaws.com").render() == {
        "Effect": "Allow",
        "Principal": {"Service": ["ec2.amazonaws.com"]},
        "Action": ["sts:AssumeRole"],
    }


def test_trust_can_be_conditioned_against_confused_deputies() -> None:
    conditions = {"StringEquals": {"aws:SourceAccount": "123456789012"}}

    assert assumed_by("codebuild.amazonaws.com", conditions).render()["Condition"] == conditions


def test_plain_http_to_a_bucket_is_denied_to_everybody_for_everything() -> None:
    assert deny_without_tls("arn:aws:s3:::exports", "arn:aws:s3:::exports/*").render() == {
        "Sid": "DenyPlainHttp",
        "Effect": "Deny",
        "Principal": "*",
        "Action": ["s3:*"],
        "Resource": ["arn:aws:s3:::exports", "arn:aws:s3:::exports/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }


def test_plain_http_to_a_topic_is_denied_for_publishing() -> None:
    assert deny_without_tls(TOPIC).render()["Action"] == ["sns:Publish"]
