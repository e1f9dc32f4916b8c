"""The subscriptions to the SNS topic of alerts, and whether they are confirmed."""

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
