"""What the stacks take for granted beside them: a connection, confirmed e-mails, a hosted zone."""

from collections.abc import Iterator

from botocore.exceptions import ClientError

from slipway.aws import connections
from slipway.aws.clients import Aws
from slipway.aws.errors import code_of
from slipway.checkout.project import Project
from slipway.doctor.finding import Finding

NO_BUCKET = {"404", "NoSuchBucket"}
UNCONFIRMED = "PendingConfirmation"


def source(found: Project, aws: Aws) -> Iterator[Finding]:
    """Whether commits, or uploads, can reach the pipeline."""
    settings = found.settings.source
    if settings.s3:
        if settings.s3.bucket:
            yield _source_bucket(aws, settings.s3.bucket)
        return
    arn = settings.connection_arn
    if arn:
        yield _connection(arn, connections.status(aws.codeconnections, arn), found.names.region)
        return
    named = connections.named(aws.codeconnections, found.names.connection)
    if named is None:
        yield Finding(
            topic="source",
            state="later",
            what=f"the connection {found.names.connection} is not made yet",
            then=f"{found.names.delivery_stack} makes it; then a person completes it in the console",
        )
    else:
        yield _connection(found.names.connection, named[1], found.names.region)


def _connection(name: str, status: str, region: str) -> Finding:
    if status == connections.MISSING:
        return Finding(
            topic="source",
            state="todo",
            what=f"there is no connection {name}",
            then="correct source.connection_arn in pipeline.toml; leave it out, and one is made",
        )
    if status != "AVAILABLE":
        return Finding(
            topic="source",
            state="todo",
            what=f"the connection {name} is {status}: no commit starts the pipeline",
            why="a person has to complete it once, in the console",
            then=connections.completing(region),
        )
    return Finding(topic="source", state="ok", what=f"the connection {name} is AVAILABLE")


def _source_bucket(aws: Aws, bucket: str) -> Finding:
    try:
        versioned = aws.s3.get_bucket_versioning(Bucket=bucket).get("Status") == "Enabled"
    except ClientError as error:
        if code_of(error) not in NO_BUCKET:
            raise
        return Finding(
            topic="source",
            state="todo",
            what=f"there is no source bucket {bucket}",
            then="make it, versioned, with its events sent to EventBridge; or leave source.s3.bucket out",
        )
    if versioned:
        return Finding(topic="source", state="ok", what=f"source bucket {bucket}: versioned")
    return Finding(
        topic="source",
        state="todo",
        what=f"the source bucket {bucket} is not versioned, which CodePipeline needs",
        then=f"aws s3api put-bucket-versioning --bucket {bucket} --versioning-configuration Status=Enabled",
    )


def subscriptions(found: Project, aws: Aws) -> Iterator[Finding]:
    """Whether everybody who is to be told has confirmed AWS's e-mail."""
    try:
        pages = aws.sns.get_paginator("list_subscriptions_by_topic").paginate(TopicArn=found.names.topic_arn)
        arns = {each["Endpoint"]: each["SubscriptionArn"] for page in pages for each in page["Subscriptions"]}
    except ClientError as error:
        if code_of(error) not in {"NotFound", "NotFoundException"}:
            raise
        yield Finding(
            topic="alerts",
            state="later",
            what=f"the topic {found.names.topic} is not made yet",
            then=f"{found.names.foundation_stack} makes it; then each address confirms an e-mail",
        )
        return
    for address in found.settings.alerts.emails:
        yield _subscription(address, arns.get(address, ""), found.names.foundation_stack)


def _subscription(address: str, arn: str, stack: str) -> Finding:
    if arn.startswith("arn:"):
        return Finding(topic="alerts", state="ok", what=f"{address} hears of alerts")
    if arn == UNCONFIRMED:
        return Finding(
            topic="alerts",
            state="todo",
            what=f"{address} has not confirmed its subscription, and hears of nothing",
            then="follow the link in AWS's e-mail; it is valid for two days, "
            f"then apply {stack} again with -replace of the subscription",
        )
    return Finding(
        topic="alerts", state="todo", what=f"{address} is not subscribed to alerts", then=f"apply {stack}"
    )


def hosted_zones(found: Project, aws: Aws) -> Iterator[Finding]:
    """Whether the zones exist that domains are to be put into."""
    for name in sorted({each.hosted_zone for each in found.settings.environments if each.hosted_zone}):
        answer = aws.route53.list_hosted_zones_by_name(DNSName=name, MaxItems="1")
        there = [each["Name"].rstrip(".") for each in answer["HostedZones"]]
        if there == [name.rstrip(".")]:
            yield Finding(topic="domain", state="ok", what=f"hosted zone {name}")
        else:
            yield Finding(
                topic="domain",
                state="todo",
                what=f"there is no hosted zone {name} in this account",
                then="create it in Route 53 and delegate the domain to it, or name another in pipeline.toml",
            )
