"""Whether people hear of what happens next: alarms that are enabled, a topic with subscribers."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from slipway.status.model import Alarm

if TYPE_CHECKING:
    from mypy_boto3_sns.client import SNSClient

PENDING = "PendingConfirmation"


@dataclass(frozen=True)
class Subscribers:
    """How many are subscribed to the topic, and how many have not confirmed it."""

    confirmed: int
    pending: int


def subscribers(sns: "SNSClient", topic_arn: str) -> Subscribers:
    """Who hears of alarms."""
    pages = sns.get_paginator("list_subscriptions_by_topic").paginate(TopicArn=topic_arn)
    arns = [each["SubscriptionArn"] for page in pages for each in page["Subscriptions"]]
    pending = sum(each == PENDING for each in arns)
    return Subscribers(confirmed=len(arns) - pending, pending=pending)


def words(alarms: Sequence[Alarm], topic: str, found: Subscribers) -> Iterator[str]:
    """What there is to say of both; a line that begins with "warning" where somebody must act."""
    silent = [each.name for each in alarms if not each.notifies]
    people = f"{found.confirmed} subscribed" + (f", {found.pending} unconfirmed" if found.pending else "")
    yield f"alarms: {len(alarms) - len(silent)} of {len(alarms)} enabled; {topic}: {people}"
    for each in alarms:
        if each.state == "ALARM":
            yield f"still in ALARM: {each.name}, since {each.since:%Y-%m-%d %H:%M} UTC"
    if silent:
        yield f"warning: nobody hears of {', '.join(silent)}: apply the stack, which enables them"
    if not found.confirmed:
        yield f"warning: nobody is subscribed to {topic}: the e-mails in [alerts] have to be confirmed"
