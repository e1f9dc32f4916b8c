"""Publishes messages to the SNS topic of alerts."""

from slipway.aws.clients import Aws

LONGEST_SUBJECT = 100  # characters (sns/latest/api/API_Publish.html)


def publish(aws: Aws, topic_arn: str, subject: str, message: str) -> None:
    """Send a message to all confirmed subscribers. Raises AwsError if SNS refuses it."""
    aws.sns.publish(TopicArn=topic_arn, Subject=subject[:LONGEST_SUBJECT], Message=message)
