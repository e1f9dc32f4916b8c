"""Who is subscribed to the SNS topic of alerts, and who has confirmed it."""

from slipway.aws.clients import Aws
from slipway.aws.errors import AwsError

NO_TOPIC = {"NotFound", "NotFoundException"}


def subscriptions(aws: Aws, topic_arn: str) -> dict[str, bool] | None:
    """Whether each address has confirmed its subscription; None if there is no such topic."""
    pages = aws.sns.get_paginator("list_subscriptions_by_topic").paginate(TopicArn=topic_arn)
    try:
        found = [subscription for page in pages for subscription in page["Subscriptions"]]
    except AwsError as error:
        if error.code in NO_TOPIC:
            return None
        raise
    return {each["Endpoint"]: each["SubscriptionArn"].startswith("arn:") for each in found}
