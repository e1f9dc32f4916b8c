"""What the stacks take for granted beside them: a connection, confirmed e-mails, a hosted zone."""

from collections.abc import Iterator

from slipway.aws import connections
from slipway.aws.account import has_hosted_zone, is_versioned
from slipway.aws.clients import Aws
from slipway.aws.codepipeline import starts
from slipway.aws.subscriptions import subscriptions
from slipway.checkout.project import Project
from slipway.console.shell import command_line
from slipway.doctor.check import Check, later, ok, todo

BY_PUSH = {"Webhook", "WebhookV2"}
"""How CodePipeline calls it (codepipeline/latest/APIReference/API_ExecutionTrigger.html)."""


def source(found: Project, aws: Aws) -> Iterator[Check]:
    """Whether commits, or uploads, can reach the pipeline."""
    settings = found.settings.source
    if settings.s3:
        if settings.s3.bucket:
            yield _source_bucket(aws, settings.s3.bucket)
        return
    arn = settings.connection_arn
    if arn:
        yield handshake(arn, connections.status(aws, arn), found.names.region)
        return
    named = connections.named(aws, found.names.connection)
    if named is None:
        yield later(
            "source",
            f"the connection {found.names.connection} is not made yet",
            then=f"{found.names.foundation_stack} makes it; then a person completes it in the console",
        )
    else:
        yield handshake(found.names.connection, named[1], found.names.region)


def handshake(name: str, status: str, region: str) -> Check:
    """Whether a person has completed a connection, by its status."""
    if status == connections.MISSING:
        return todo(
            "source",
            f"there is no connection {name}",
            then="correct source.connection_arn in pipeline.toml; leave it out, and one is made",
        )
    if status != "AVAILABLE":
        return todo(
            "source",
            f"the connection {name} is {status}: no commit starts the pipeline",
            why="a person has to complete it once, in the console",
            then=connections.completing(region),
        )
    return ok("source", f"the connection {name} is AVAILABLE")


def pushes(found: Project, aws: Aws) -> Iterator[Check]:
    """Whether a push ever started the pipeline: one made on a PENDING connection may never be started so."""
    if found.settings.source.s3:
        return
    name = found.names.delivery_pipeline
    started = starts(aws, name)
    if started is None:
        return
    if any(each in BY_PUSH for each in started):
        yield ok("source", f"pushes start the pipeline {name}")
        return
    yield later(
        "source",
        f"no push has started the pipeline {name} yet",
        then="push a change of a file that source.paths names. If nothing starts, the pipeline was made"
        " before its connection was AVAILABLE: edit and save it in the console, which registers it for"
        f" pushes, or apply {found.names.delivery_stack} with -replace of the pipeline",
    )


def _source_bucket(aws: Aws, bucket: str) -> Check:
    versioned = is_versioned(aws, bucket)
    if versioned is None:
        return todo(
            "source",
            f"there is no source bucket {bucket}",
            then="make it, versioned, with its events sent to EventBridge; or leave source.s3.bucket out",
        )
    if versioned:
        return ok("source", f"source bucket {bucket}: versioned")
    return todo(
        "source",
        f"the source bucket {bucket} is not versioned, which CodePipeline needs",
        then=command_line(
            *("aws", "s3api", "put-bucket-versioning", "--bucket", bucket),
            *("--versioning-configuration", "Status=Enabled"),
        ),
    )


def subscribers(found: Project, aws: Aws) -> Iterator[Check]:
    """Whether everybody who is to be told has confirmed AWS's e-mail."""
    confirmed = subscriptions(aws, found.names.topic_arn)
    if confirmed is None:
        yield later(
            "alerts",
            f"the topic {found.names.topic} is not made yet",
            then=f"{found.names.foundation_stack} makes it; then each address confirms an e-mail",
        )
        return
    for address in found.settings.alerts.emails:
        yield _subscription(address, confirmed.get(address), found.names.foundation_stack)


def _subscription(address: str, confirmed: bool | None, stack: str) -> Check:
    if confirmed:
        return ok("alerts", f"{address} hears of alerts")
    if confirmed is False:
        return todo(
            "alerts",
            f"{address} has not confirmed its subscription, and hears of nothing",
            then="follow the link in AWS's e-mail; it is valid for two days, "
            f"then apply {stack} again with -replace of the subscription",
        )
    return todo("alerts", f"{address} is not subscribed to alerts", then=f"apply {stack}")


def hosted_zones(found: Project, aws: Aws) -> Iterator[Check]:
    """Whether the zones exist that domains are to be put into."""
    for name in sorted(
        {environment.hosted_zone for environment in found.settings.environments if environment.hosted_zone}
    ):
        if has_hosted_zone(aws, name):
            yield ok("domain", f"hosted zone {name}")
        else:
            yield todo(
                "domain",
                f"there is no hosted zone {name} in this account",
                then="create it in Route 53 and delegate the domain to it, or name another in pipeline.toml",
            )
