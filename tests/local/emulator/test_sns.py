"""Gap: a subscription by e-mail waits until somebody clicks."""

import pytest
from botocore.exceptions import ClientError

from local.emulator.handshakes import confirm_emails
from tests.local.emulator.clients import REGION, Clients


def subscribed(aws: Clients, name: str, protocol: str = "email") -> tuple[str, str]:
    """A topic with one subscription; their ARNs."""
    sns = aws.untyped("sns")
    topic = sns.create_topic(Name=name)["TopicArn"]
    endpoint = f"{name}@example.com" if protocol == "email" else f"https://example.com/{name}"
    made = sns.subscribe(TopicArn=topic, Protocol=protocol, Endpoint=endpoint, ReturnSubscriptionArn=True)
    return topic, made["SubscriptionArn"]


def listed(aws: Clients, topic: str) -> list[str]:
    found = aws.untyped("sns").list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]
    return [each["SubscriptionArn"] for each in found]


def test_an_address_waits_for_its_click(beyond_moto: Clients) -> None:
    topic, arn = subscribed(beyond_moto, "waiting")
    attributes = beyond_moto.untyped("sns").get_subscription_attributes(SubscriptionArn=arn)["Attributes"]
    assert attributes["PendingConfirmation"].lower() == "true"
    assert listed(beyond_moto, topic) == ["PendingConfirmation"]


def test_its_topic_counts_it_as_pending(beyond_moto: Clients) -> None:
    topic, _ = subscribed(beyond_moto, "counted")
    attributes = beyond_moto.untyped("sns").get_topic_attributes(TopicArn=topic)["Attributes"]
    assert attributes["SubscriptionsPending"] == "1"


def test_it_cannot_be_taken_back_before(aws: Clients) -> None:
    topic, arn = subscribed(aws, "kept")
    with pytest.raises(ClientError, match="pending confirmation"):
        aws.untyped("sns").unsubscribe(SubscriptionArn=arn)
    aws.untyped("sns").delete_topic(TopicArn=topic)
    every = aws.untyped("sns").list_subscriptions()["Subscriptions"]
    assert topic not in [each["TopicArn"] for each in every]


def test_a_click_confirms_it(aws: Clients) -> None:
    topic, arn = subscribed(aws, "clicked")
    assert "clicked@example.com" in confirm_emails(aws.endpoint, REGION)
    assert listed(aws, topic) == [arn]
    aws.untyped("sns").unsubscribe(SubscriptionArn=arn)
    assert listed(aws, topic) == []


def test_other_protocols_do_not_wait_for_a_person(aws: Clients) -> None:
    topic, arn = subscribed(aws, "by-https", "https")
    assert listed(aws, topic) == [arn]
