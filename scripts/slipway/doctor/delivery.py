"""Checks of what the stacks need beside them: a connection, confirmed e-mails, hosted zones."""

from collections.abc import Iterator, Mapping

from slipway.aws import account, connections
from slipway.aws.account import is_versioned
from slipway.aws.clients import Aws
from slipway.aws.codepipeline import starts
from slipway.aws.subscriptions import subscriptions
from slipway.checkout.project import Project
from slipway.console.shell import command_line
from slipway.doctor.check import Check, later, ok, todo

BY_PUSH = {"Webhook", "WebhookV2"}
"""CodePipeline's trigger types of a push (codepipeline/latest/APIReference/API_ExecutionTrigger.html)."""


def source(found: Project, aws: Aws) -> Iterator[Check]:
    """Check that commits, or uploads to S3, can start the pipeline."""
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
            f"the connection {found.names.connection} does not exist yet",
            then=f"{found.names.foundation_stack} creates it; then complete it in the console",
        )
    else:
        yield handshake(found.names.connection, named[1], found.names.region)


def handshake(name: str, status: str, region: str) -> Check:
    """Check that a connection is completed, by its status."""
    if status == connections.MISSING:
        return todo(
            "source",
            f"the connection {name} does not exist",
            then="correct source.connection_arn in pipeline.toml, or remove it to have one created",
        )
    if status != "AVAILABLE":
        return todo(
            "source",
            f"the connection {name} is {status}: no commit starts the pipeline",
            why="a connection must be completed in the console, once",
            then=connections.completing(region),
        )
    return ok("source", f"the connection {name} is AVAILABLE")


def pushes(found: Project, aws: Aws) -> Iterator[Check]:
    """Check that a push has started the pipeline.

    If it was created while its connection was PENDING, none may.
    """
    if found.settings.source.s3:
        return
    name = found.names.delivery_pipeline
    started = starts(aws, name)
    if started is None:
        return
    if any(trigger in BY_PUSH for trigger in started):
        yield ok("source", f"pushes start the pipeline {name}")
        return
    yield later(
        "source",
        f"no push has started the pipeline {name} yet",
        then="push a change of a file that matches source.paths. If the pipeline does not start, it was"
        " created before its connection was AVAILABLE: edit and save it in the console, which registers it"
        f" for pushes, or apply {found.names.delivery_stack} with -replace of the pipeline",
    )


def _source_bucket(aws: Aws, bucket: str) -> Check:
    versioned = is_versioned(aws, bucket)
    if versioned is None:
        return todo(
            "source",
            f"the source bucket {bucket} does not exist",
            then="create it with versioning and with events to EventBridge, or remove source.s3.bucket",
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


def registry(found: Project, aws: Aws) -> Iterator[Check]:
    """Check that a repository that exists already is there, and lets a build move the tag latest."""
    name = found.settings.registry.repository
    if name is None:
        return
    there = account.repository(aws, name)
    if there is None:
        yield todo(
            "registry",
            f"the repository {name} does not exist in this account and region",
            then="create it, or correct registry.repository in pipeline.toml",
        )
        return
    if there.moves_latest:
        yield ok("registry", f"repository {name}")
    else:
        yield todo(
            "registry",
            f"the repository {name} has immutable tags, but every build moves the tag latest",
            then="allow that in its tag settings, or use another repository",
        )
    if not there.scans:
        yield later(
            "registry",
            f"the repository {name} does not ask for scans; unless the registry does, each build waits five"
            " minutes for one",
            then="let the repository, or the registry, scan images on push",
        )


def subscribers(found: Project, aws: Aws) -> Iterator[Check]:
    """Check that all addresses of alerts.emails have confirmed their subscription."""
    confirmed = subscriptions(aws, found.names.topic_arn)
    if found.settings.alerts.topic_arn:
        yield _existing_topic(found.names.topic, confirmed)
        return
    if confirmed is None:
        yield later(
            "alerts",
            f"the topic {found.names.topic} does not exist yet",
            then=f"{found.names.foundation_stack} creates it; then each address must confirm AWS's e-mail",
        )
        return
    for address in found.settings.alerts.emails or ():
        yield _subscription(address, confirmed.get(address), found.names.foundation_stack)


def _existing_topic(topic: str, confirmed: Mapping[str, bool] | None) -> Check:
    """Check that a topic of the team exists and has subscribers."""
    if confirmed is None:
        return todo(
            "alerts",
            f"the topic {topic} does not exist",
            then="create it, or correct alerts.topic_arn in pipeline.toml",
        )
    if not any(confirmed.values()):
        return todo(
            "alerts",
            f"the topic {topic} has no confirmed subscription",
            then="subscribe an e-mail address to it, and confirm AWS's e-mail",
        )
    return ok("alerts", f"the topic {topic} has {sum(confirmed.values())} confirmed subscriptions")


def _subscription(address: str, confirmed: bool | None, stack: str) -> Check:
    if confirmed:
        return ok("alerts", f"{address} receives alerts")
    if confirmed is False:
        return todo(
            "alerts",
            f"{address} has not confirmed its subscription and receives no alerts",
            then="open the link in AWS's e-mail within two days; after that, "
            f"apply {stack} again with -replace of the subscription",
        )
    return todo("alerts", f"{address} is not subscribed to alerts", then=f"apply {stack}")


def hosted_zones(found: Project, aws: Aws) -> Iterator[Check]:
    """Check that the account has one public hosted zone for the domain of each environment."""
    for name in sorted(
        {environment.hosted_zone for environment in found.settings.environments if environment.hosted_zone}
    ):
        found_zones = account.hosted_zones(aws, name)
        if found_zones.count(True) == 1:
            yield ok("domain", f"hosted zone {name}")
        elif True in found_zones:
            yield todo(
                "domain",
                f"this account has {found_zones.count(True)} public hosted zones {name}: a plan finds no"
                " single one",
                then="delete the one that the domain is not delegated to",
            )
        else:
            yield todo(
                "domain",
                f"this account has no {'public ' if found_zones else ''}hosted zone {name}",
                then="create it in Route 53 and delegate the domain to it, or name another in pipeline.toml."
                "\nIf another account has it, use certificate_arn instead, and create the record there",
            )
