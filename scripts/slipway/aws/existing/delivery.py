"""What exists of builds, deployments, alerts and logs: found by name."""

from collections.abc import Iterator

from slipway.aws.existing.wanted import Existing, Reader, Wanted


def application(read: Reader, wanted: Wanted) -> Iterator[Existing]:
    """The CodeDeploy application with the planned name."""
    missing = "ApplicationDoesNotExistException"
    if found := read.one("codedeploy", "GetApplication", missing, applicationName=wanted.text("name")):
        yield Existing(found["application"]["applicationName"])


def deployment_group(read: Reader, wanted: Wanted) -> Iterator[Existing]:
    """The application's deployment group with the planned name."""
    missing = ("ApplicationDoesNotExistException", "DeploymentGroupDoesNotExistException")
    application, name = wanted.text("app_name"), wanted.text("deployment_group_name")
    given = {"applicationName": application, "deploymentGroupName": name}
    if read.one("codedeploy", "GetDeploymentGroup", *missing, **given):
        yield Existing(f"{application}:{name}")


def deployment_config(read: Reader, wanted: Wanted) -> Iterator[Existing]:
    """The deployment configuration with the planned name."""
    name = wanted.text("deployment_config_name")
    missing = "DeploymentConfigDoesNotExistException"
    if read.one("codedeploy", "GetDeploymentConfig", missing, deploymentConfigName=name):
        yield Existing(name)


def project(read: Reader, wanted: Wanted) -> Iterator[Existing]:
    """The CodeBuild project with the planned name."""
    for found in read.all("codebuild", "BatchGetProjects", "projects", names=[wanted.text("name")]):
        yield Existing(found["name"])


def pipeline(read: Reader, wanted: Wanted) -> Iterator[Existing]:
    """The pipeline with the planned name."""
    if read.one("codepipeline", "GetPipeline", "PipelineNotFoundException", name=wanted.text("name")):
        yield Existing(wanted.text("name"))


def connection(read: Reader, wanted: Wanted) -> Iterator[Existing]:
    """The connections with the planned name."""
    for found in read.all("codeconnections", "ListConnections", "Connections"):
        if found["ConnectionName"] == wanted.text("name"):
            yield Existing(found["ConnectionArn"])


def topic(read: Reader, wanted: Wanted) -> Iterator[Existing]:
    """The topic with the planned name, whose ARN follows from it."""
    arn = f"arn:{read.partition}:sns:{read.aws.region}:{read.account}:{wanted.text('name')}"
    if read.one("sns", "GetTopicAttributes", "NotFound", "NotFoundException", TopicArn=arn):
        yield Existing(arn)


def topic_policy(read: Reader, wanted: Wanted) -> Iterator[Existing]:
    """The topic's policy: every topic has one."""
    arn = wanted.text("arn")
    if read.one("sns", "GetTopicAttributes", "NotFound", "NotFoundException", TopicArn=arn):
        yield Existing(arn)


def subscription(read: Reader, wanted: Wanted) -> Iterator[Existing]:
    """The topic's subscription of the planned endpoint; one that is not confirmed has no ARN."""
    topic_arn = wanted.text("topic_arn")
    planned = (wanted.text("protocol"), wanted.text("endpoint"))
    for found in read.all("sns", "ListSubscriptionsByTopic", "Subscriptions", TopicArn=topic_arn):
        if (found["Protocol"], found["Endpoint"]) == planned and found["SubscriptionArn"].startswith("arn:"):
            yield Existing(found["SubscriptionArn"])


def log_group(read: Reader, wanted: Wanted) -> Iterator[Existing]:
    """The log group with the planned name."""
    name = wanted.text("name")
    for found in read.all("logs", "DescribeLogGroups", "logGroups", logGroupNamePrefix=name):
        if found["logGroupName"] == name:
            yield Existing(name, {"arn": found["arn"].removesuffix(":*")})


def alarm(read: Reader, wanted: Wanted) -> Iterator[Existing]:
    """The metric alarm with the planned name."""
    name = wanted.text("alarm_name")
    for found in read.all("cloudwatch", "DescribeAlarms", "MetricAlarms", AlarmNames=[name]):
        yield Existing(found["AlarmName"])


def dashboard(read: Reader, wanted: Wanted) -> Iterator[Existing]:
    """The dashboard with the planned name."""
    name = wanted.text("dashboard_name")
    missing = ("ResourceNotFound", "DashboardNotFoundError")
    if read.one("cloudwatch", "GetDashboard", *missing, DashboardName=name):
        yield Existing(name)


def event_rule(read: Reader, wanted: Wanted) -> Iterator[Existing]:
    """The rule with the planned name, on the default event bus."""
    if read.one("events", "DescribeRule", "ResourceNotFoundException", Name=wanted.text("name")):
        yield Existing(wanted.text("name"))


def event_target(read: Reader, wanted: Wanted) -> Iterator[Existing]:
    """The rule's targets with the planned ARN."""
    rule, arn = wanted.text("rule"), wanted.text("arn")
    for found in read.all("events", "ListTargetsByRule", "Targets", "ResourceNotFoundException", Rule=rule):
        if found["Arn"] == arn:
            yield Existing(f"{rule}/{found['Id']}")


def session_document(read: Reader, wanted: Wanted) -> Iterator[Existing]:
    """The SSM document with the planned name."""
    missing = ("InvalidDocument", "InvalidDocumentException")
    if read.one("ssm", "DescribeDocument", *missing, Name=wanted.text("name")):
        yield Existing(wanted.text("name"))
