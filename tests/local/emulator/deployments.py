"""Deployments for tests: an application with a group of its name, revisions, and what is said of them."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from local.emulator.deployment_reports import report_deployment
from tests.local.emulator.clients import REGION, Clients
from tests.local.emulator.roles import role

if TYPE_CHECKING:
    from mypy_boto3_codedeploy.type_defs import DeploymentInfoTypeDef, RevisionLocationTypeDef


def make_group(aws: Clients, name: str, **options: Any) -> None:  # noqa: ANN401 - as boto3 takes them
    """An application, and a group in it of the same name, whose role is there."""
    aws.codedeploy.create_application(applicationName=name, computePlatform="Server")
    aws.codedeploy.create_deployment_group(
        applicationName=name,
        deploymentGroupName=name,
        serviceRoleArn=role(aws, "deploy", "codedeploy"),
        autoRollbackConfiguration={
            "enabled": True,
            "events": ["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM"],
        },
        **options,
    )


def revision(key: str) -> "RevisionLocationTypeDef":
    """A revision in S3."""
    return {"revisionType": "S3", "s3Location": {"bucket": "revisions", "key": key, "bundleType": "zip"}}


def deploy(aws: Clients, name: str, key: str = "1.zip", **options: Any) -> str:  # noqa: ANN401 - as boto3 takes them
    """Creates a deployment in a group; its id."""
    answer = aws.codedeploy.create_deployment(
        applicationName=name, deploymentGroupName=name, revision=revision(key), **options
    )
    return answer["deploymentId"]


def deployment(aws: Clients, made: str) -> "DeploymentInfoTypeDef":
    """What AWS says of it."""
    return aws.codedeploy.get_deployment(deploymentId=made)["deploymentInfo"]


def say(
    aws: Clients, made: str, *, targets: Sequence[Mapping[str, object]] = (), **info: object
) -> dict[str, str]:
    """What CodeDeploy would say of it."""
    return report_deployment(aws.endpoint, REGION, made, info=info, targets=targets)
