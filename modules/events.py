"""The messages about events of the pipeline, of deployments and of hosts that go to the alert topic."""

from constructs_lib.event_message import EventMessage
from constructs_lib.launch_hook import WAIT_SECONDS

from constructs import Construct

from modules.config.names import EnvironmentNames, Names


def pipeline_failures(scope: Construct, names: Names) -> EventMessage:
    """A message for every action of the pipeline that fails, with a link to the execution.

    docs.aws.amazon.com/codepipeline/latest/userguide/detect-state-changes-cloudwatch-events.html
    """
    console = f"https://{names.region}.console.aws.amazon.com/codesuite/codepipeline"
    return EventMessage(
        scope,
        "pipeline-failures",
        name=names.event_rule("pipeline-failures"),
        description="An action of the pipeline failed.",
        pattern={
            "source": ["aws.codepipeline"],
            "detail-type": ["CodePipeline Action Execution State Change"],
            "detail": {"pipeline": [names.delivery_pipeline], "state": ["FAILED"]},
        },
        message=[
            "The pipeline <pipeline> failed at <time>: action <action> of stage <stage>.",
            "The release did not reach the environments after <stage>; they are unchanged.",
            f"See {console}/pipelines/<pipeline>/executions/<execution>/timeline?region={names.region}",
        ],
        values={
            "action": "$.detail.action",
            "execution": "$.detail.execution-id",
            "pipeline": "$.detail.pipeline",
            "stage": "$.detail.stage",
            "time": "$.time",
        },
        topic_arn=names.topic_arn,
    )


def deployments(scope: Construct, names: Names) -> EventMessage:
    """A message for every deployment that ended, successfully or not, with a link to it.

    docs.aws.amazon.com/codedeploy/latest/userguide/monitoring-cloudwatch-events.html
    """
    console = f"https://{names.region}.console.aws.amazon.com/codesuite/codedeploy"
    return EventMessage(
        scope,
        "deployments",
        name=names.event_rule("deployments"),
        description="A deployment ended.",
        pattern={
            "source": ["aws.codedeploy"],
            "detail-type": ["CodeDeploy Deployment State-change Notification"],
            "detail": {"application": [names.application], "state": ["SUCCESS", "FAILURE", "STOP"]},
        },
        message=[
            "The deployment <deployment> to <group> ended with <state> at <time>.",
            "After FAILURE or STOP, CodeDeploy automatically deploys the last good revision again.",
            f"See {console}/deployments/<deployment>?region={names.region}",
        ],
        values={
            "deployment": "$.detail.deploymentId",
            "group": "$.detail.deploymentGroup",
            "state": "$.detail.state",
            "time": "$.time",
        },
        topic_arn=names.topic_arn,
    )


def failed_launches(
    scope: Construct, names: EnvironmentNames, auto_scaling_group: str, topic_arn: str
) -> EventMessage:
    """A message for every host that failed to launch: EC2 refused it, or its lifecycle hooks were abandoned.

    AWS has one event for both. After an abandoned hook its ``StatusMessage`` contains ``Heartbeat Timeout``
    if the hook timed out, or ``ABANDON Result`` if the deployment to the host failed.
    docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-event-reference.html,
    docs.aws.amazon.com/codedeploy/latest/userguide/troubleshooting-auto-scaling.html
    """
    minutes = WAIT_SECONDS // 60
    return EventMessage(
        scope,
        "failed-launches",
        name=names.failed_launches_rule,
        description="A host did not come.",
        pattern={
            "source": ["aws.autoscaling"],
            "detail-type": ["EC2 Instance Launch Unsuccessful"],
            "detail": {"AutoScalingGroupName": [auto_scaling_group]},
        },
        message=[
            f"A new host of {names.environment} failed to launch at <time>: <instance>",
            "Auto Scaling reports: <why>",
            f"Heartbeat Timeout means: its first boot failed or took more than {minutes} minutes.",
            f"Its log: log group {names.log_group('agent')}, stream <instance>/first-boot.",
            f"Auto Scaling automatically starts another host, one attempt every {minutes} minutes per host.",
            "slipway status shows the current state.",
        ],
        values={
            "instance": "$.detail.EC2InstanceId",
            "time": "$.time",
            "why": "$.detail.StatusMessage",
        },
        topic_arn=topic_arn,
    )
