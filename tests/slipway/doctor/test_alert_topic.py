"""What doctor finds of a topic that exists: whether alarms and events reach it."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from slipway.aws.subscriptions import ExistingTopic
from slipway.doctor import alert_topic
from tests.settings import ACCOUNT, KEY_ARN, TOPIC_ARN, minimal
from tests.slipway.doctor.test_account import Here, of, said
from tests.slipway.status.world import world

BOTH = ["cloudwatch.amazonaws.com", "events.amazonaws.com"]


@pytest.fixture
def here() -> Iterator[Here]:
    with world() as made:
        made.aws.sns.create_topic(Name="on-call")
        yield Here(made, of(minimal(alerts={"topic_arn": TOPIC_ARN}), made))


def allowed(services: list[str], **more: object) -> dict[str, Any]:
    publish = {"Effect": "Allow", "Action": "SNS:Publish", "Resource": TOPIC_ARN}
    return {**publish, "Principal": {"Service": services}, **more}


def checks(here: Here, *statements: dict[str, Any]) -> list[tuple[str, str]]:
    if statements:
        policy = json.dumps({"Version": "2012-10-17", "Statement": statements})
        here.world.aws.sns.set_topic_attributes(
            TopicArn=TOPIC_ARN, AttributeName="Policy", AttributeValue=policy
        )
    return said(alert_topic.existing(here.project, here.world.aws))


OK = ("ok", "alarms and events may publish to the topic on-call")
ONLY_TLS = {
    "Effect": "Deny",
    "Principal": "*",
    "Action": "sns:Publish",
    "Resource": TOPIC_ARN,
    "Condition": {"Bool": {"aws:SecureTransport": "false"}},
}


@pytest.mark.parametrize(
    "more",
    [{}, {"Condition": {"StringEquals": {"aws:SourceAccount": ACCOUNT}}}, {"Action": "*"}],
    ids=["plain", "for the account", "every action"],
)
def test_a_policy_that_lets_both_services_publish(here: Here, more: dict[str, Any]) -> None:
    assert checks(here, allowed(BOTH, **more)) == [OK]
    assert checks(here, allowed(BOTH, **more), ONLY_TLS) == [OK]


def test_a_policy_that_lets_one_service_publish(here: Here) -> None:
    assert checks(here, allowed(BOTH[:1])) == [
        ("todo", "the policy of the topic on-call does not allow events.amazonaws.com sns:Publish")
    ]


def test_a_policy_whose_conditions_cannot_be_decided(here: Here) -> None:
    (default,) = checks(here)  # AWS's own: for whatever acts as the topic's owner
    assert default[0] == "later"
    sender = {"Condition": {"ArnLike": {"aws:SourceArn": "arn:aws:events:*:*:rule/*"}}}
    assert checks(here, allowed(BOTH[:1]), allowed(BOTH[1:], **sender)) == [
        (
            "later",
            (
                "it cannot be decided whether the policy of the topic on-call allows events.amazonaws.com"
                " sns:Publish"
            ),
        )
    ]


NEITHER = "CloudWatch and EventBridge cannot"
KEY_ID = KEY_ARN.rpartition("/")[2]


@pytest.mark.parametrize(
    ("key", "named", "expected"),
    [
        ("", "", []),
        (KEY_ARN, KEY_ARN, []),
        (KEY_ID, KEY_ARN, []),
        ("alias/team", KEY_ARN, []),
        ("alias/team", "", ["the topic on-call is encrypted with the key alias/team"]),
        (KEY_ID, "", [f"the topic on-call is encrypted with the key {KEY_ID}"]),
        (KEY_ID, KEY_ARN[:-1] + "0", [f"the topic on-call is encrypted with the key {KEY_ID}"]),
        (
            "alias/aws/sns",
            KEY_ARN,
            [f"the topic on-call is encrypted with alias/aws/sns, which {NEITHER} use"],
        ),
        ("", KEY_ARN, ["the topic on-call is not encrypted with a KMS key"]),
    ],
)
def test_the_key_of_the_topic_and_the_one_in_the_settings(key: str, named: str, expected: list[str]) -> None:
    assert [check.what for check in alert_topic._key("on-call", ExistingTopic("", key), named)] == expected


def test_a_topic_that_is_created_or_missing_is_not_looked_at(here: Here) -> None:
    assert list(alert_topic.existing(of(minimal(), here.world), here.world.aws)) == []
    here.world.aws.sns.delete_topic(TopicArn=TOPIC_ARN)
    assert checks(here) == []
