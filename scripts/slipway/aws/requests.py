"""What is asked of AWS to change what runs: each request whole, built apart from being sent."""

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

# What CodePipeline takes as a reason: DisabledReason in its API.
NOT_IN_REASONS = re.compile(r"[^a-zA-Z0-9!@ ().*?-]")
LONGEST_REASON = 300
LONGEST_SUMMARY = 512  # of an approval
ALARMS_OFF: Mapping[str, object] = {"enabled": False}

Answer = Literal["Approved", "Rejected"]


@dataclass(frozen=True, kw_only=True)
class Request:
    """One call to AWS: boto3's name of the service, the API's name of the operation, what is said."""

    service: Literal["autoscaling", "codebuild", "codedeploy", "codepipeline", "ssm"]
    operation: str
    parameters: Mapping[str, object]

    def send(self, aws: Aws) -> Mapping[str, Any]:
        """Make the call; AWS's answer."""
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
    """Deploy a revision: exactly this object, in the version that is known to work.

    override_alarms: whether this one deployment goes on whatever the group's alarms say; the group
        keeps them. It takes codedeploy:UpdateDeploymentGroup too (API_CreateDeployment).
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
    """Have CodeDeploy suspend processes of Auto Scaling during every deployment to an environment.

    processes: of Terminate, AZRebalance, InstanceRefresh, ScheduledActions; none of them for none.
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
    """Stop a deployment; CodeDeploy then deploys the last revision that succeeded."""
    parameters = {"deploymentId": deployment, "autoRollbackEnabled": True}
    return Request(service="codedeploy", operation="StopDeployment", parameters=parameters)


def disable_transition(names: Names, environment: str, reason: str) -> Request:
    """Keep the pipeline from releasing into an environment."""
    return Request(
        service="codepipeline",
        operation="DisableStageTransition",
        parameters={**_into(names, environment), "reason": as_reason(reason)},
    )


def enable_transition(names: Names, environment: str) -> Request:
    """Let the pipeline release into an environment again."""
    parameters = _into(names, environment)
    return Request(service="codepipeline", operation="EnableStageTransition", parameters=parameters)


def put_approval_result(names: Names, approval: Approval, status: Answer, summary: str) -> Request:
    """The request that approves or rejects what waits at an approval."""
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
    """Run a command in an image, by digest, beside the service; without the pipeline, so without a source."""
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
    """The request that ends a running command."""
    return Request(service="codebuild", operation="StopBuild", parameters={"id": run})


def pause_reason(environment: str, commit: str, who: str, when: datetime, why: str = "") -> str:
    """Why the way into an environment is closed: what happened, who, when, and how to open it."""
    said = f" because {why}" if why else ""
    return (
        f"{who} put {commit[:12]} into {environment} on {when:%Y-%m-%d at %H.%M} UTC{said} - "
        f"to go on type {command_line('slipway', 'resume', '--env', environment)}"
    )


def as_reason(text: str) -> str:
    """The text in the few characters that CodePipeline takes."""
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
