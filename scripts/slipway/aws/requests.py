"""The requests that change what runs on AWS; they are built here and sent elsewhere."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal  # what AWS answers has as many shapes as there are operations

from botocore import xform_name

from modules.config.names import EnvironmentNames, Names
from slipway.aws.clients import Aws
from slipway.aws.codepipeline import Approval
from slipway.aws.revisions import RevisionLocation
from slipway.console.shell import command_line

# What CodePipeline does not accept in a reason (DisabledReason in its API).
NOT_IN_REASONS = re.compile(r"[^a-zA-Z0-9!@ ().*?-]")
LONGEST_REASON = 300
LONGEST_SUMMARY = 512  # of an approval
ALARMS_OFF: Mapping[str, object] = {"enabled": False}

Answer = Literal["Approved", "Rejected"]


@dataclass(frozen=True, kw_only=True)
class Request:
    """One call to AWS. service: boto3's name. operation: the API's name. parameters: the call's arguments."""

    service: Literal["autoscaling", "codebuild", "codedeploy", "codepipeline", "ssm"]
    operation: str
    parameters: Mapping[str, object]

    def send(self, aws: Aws) -> Mapping[str, Any]:
        """Send the request. Returns AWS's response; raises AwsError."""
        operation = getattr(getattr(aws, self.service), xform_name(self.operation))
        answered: Mapping[str, Any] = operation(**self.parameters)
        return answered


def create_deployment(
    environment: EnvironmentNames,
    application: str,
    location: RevisionLocation,
    *,
    description: str,
    override_alarms: bool,
) -> Request:
    """The request to deploy a revision. location: the object in S3, with its version.

    override_alarms: whether this deployment ignores the group's alarms, which stay configured. It requires
        codedeploy:UpdateDeploymentGroup too (API_CreateDeployment).
    """
    parameters: dict[str, object] = {
        "applicationName": application,
        "deploymentGroupName": environment.deployment_group,
        "revision": {"revisionType": "S3", "s3Location": _s3(location)},
        "description": description,
    }
    if override_alarms:
        parameters["overrideAlarmConfiguration"] = ALARMS_OFF
    return Request(service="codedeploy", operation="CreateDeployment", parameters=parameters)


def suspend_while_deploying(names: Names, environment: EnvironmentNames, processes: Sequence[str]) -> Request:
    """The request to have CodeDeploy suspend Auto Scaling processes during deployments to an environment.

    processes: any of Terminate, AZRebalance, InstanceRefresh, ScheduledActions; empty to suspend none.
    """
    return Request(
        service="codedeploy",
        operation="UpdateDeploymentGroup",
        parameters={
            "applicationName": names.application,
            "currentDeploymentGroupName": environment.deployment_group,
            "ec2DeploymentOptions": {"autoScalingGroupProcessesToSuspend": list(processes)},
        },
    )


def stop_deployment(deployment: str) -> Request:
    """The request to stop a deployment; CodeDeploy then deploys the last revision that succeeded."""
    parameters = {"deploymentId": deployment, "autoRollbackEnabled": True}
    return Request(service="codedeploy", operation="StopDeployment", parameters=parameters)


def disable_transition(names: Names, environment: str, reason: str) -> Request:
    """The request to disable the pipeline's transition into an environment."""
    return Request(
        service="codepipeline",
        operation="DisableStageTransition",
        parameters={**_into(names, environment), "reason": as_reason(reason)},
    )


def enable_transition(names: Names, environment: str) -> Request:
    """The request to enable the pipeline's transition into an environment."""
    parameters = _into(names, environment)
    return Request(service="codepipeline", operation="EnableStageTransition", parameters=parameters)


def put_approval_result(names: Names, approval: Approval, status: Answer, summary: str) -> Request:
    """The request to approve or reject at a pending approval. summary: cut after 512 characters."""
    return Request(
        service="codepipeline",
        operation="PutApprovalResult",
        parameters={
            "pipelineName": names.delivery_pipeline,
            "stageName": approval.stage,
            "actionName": approval.action,
            "result": {"status": status, "summary": summary[:LONGEST_SUMMARY]},
            "token": approval.token,
        },
    )


def start_command(environment: EnvironmentNames, image: str, command: Sequence[str], minutes: int) -> Request:
    """The request to run a command in an image (with digest), in a build without source.

    minutes: its timeout.
    """
    variables = {"IMAGE": image, "COMMAND": json.dumps(list(command))}
    return Request(
        service="codebuild",
        operation="StartBuild",
        parameters={
            "projectName": environment.run_project,
            "sourceTypeOverride": "NO_SOURCE",
            "artifactsOverride": {"type": "NO_ARTIFACTS"},
            "timeoutInMinutesOverride": minutes,
            "environmentVariablesOverride": [
                {"name": name, "value": value, "type": "PLAINTEXT"} for name, value in variables.items()
            ],
        },
    )


def stop_command(run: str) -> Request:
    """The request to stop a build that runs a command. run: the build's id."""
    return Request(service="codebuild", operation="StopBuild", parameters={"id": run})


def pause_reason(environment: str, commit: str, who: str, when: datetime, why: str = "") -> str:
    """The reason for a disabled transition: who deployed what and when, and how to enable it."""
    said = f" because {why}" if why else ""
    return (
        f"{who} deployed {commit[:12]} to {environment} on {when:%Y-%m-%d at %H.%M} UTC{said} - "
        f"to resume run {command_line('slipway', 'resume', '--env', environment)}"
    )


def as_reason(text: str) -> str:
    """The text with "-" for characters that CodePipeline does not accept, cut after 300 characters."""
    return NOT_IN_REASONS.sub("-", text)[:LONGEST_REASON]


def _into(names: Names, environment: str) -> dict[str, object]:
    return {
        "pipelineName": names.delivery_pipeline,
        "stageName": environment,
        "transitionType": "Inbound",
    }


def _s3(location: RevisionLocation) -> dict[str, str]:
    given = {
        "bucket": location.bucket,
        "key": location.key,
        "bundleType": "zip",
        "version": location.version,
        "eTag": location.etag,
    }
    return {name: value for name, value in given.items() if value}
