"""The topic that people hear of alerts by."""

from slipway.aws.clients import Aws

LONGEST_SUBJECT = 100  # characters (sns/latest/api/API_Publish.html)


def publish(aws: Aws, topic_arn: str, subject: str, message: str) -> None:
    """Send a message to everybody who has confirmed a subscription. Raises AwsError if it is refused."""
    aws.sns.publish(TopicArn=topic_arn, Subject=subject[:LONGEST_SUBJECT], Message=message)
