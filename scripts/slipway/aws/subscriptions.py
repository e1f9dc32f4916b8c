"""The SNS topic of alerts: its policy and key, and whether its subscriptions are confirmed."""

from dataclasses import dataclass

from slipway.aws.clients import Aws
from slipway.aws.errors import AwsError

NO_TOPIC = {"NotFound", "NotFoundException"}


def subscriptions(aws: Aws, topic_arn: str) -> dict[str, bool] | None:
    """Whether the subscription is confirmed, by address; None if the topic does not exist."""
    pages = aws.sns.get_paginator("list_subscriptions_by_topic").paginate(TopicArn=topic_arn)
    try:
        found = [subscription for page in pages for subscription in page["Subscriptions"]]
    except AwsError as error:
        if error.code in NO_TOPIC:
            return None
        raise
    return {entry["Endpoint"]: entry["SubscriptionArn"].startswith("arn:") for entry in found}


@dataclass(frozen=True)
class ExistingTopic:
    """A topic. policy: as JSON. key: the id, ARN or alias of the KMS key that encrypts it; "" for none."""

    policy: str
    key: str

    @classmethod
    def read(cls, aws: Aws, arn: str) -> "ExistingTopic":
        """The topic with an ARN. Raises AwsError if there is none."""
        found = aws.sns.get_topic_attributes(TopicArn=arn)["Attributes"]
        return cls(found.get("Policy", ""), found.get("KmsMasterKeyId", ""))
