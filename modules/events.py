"""Which events of the pipeline and of deployments people hear of, and in which words."""

from constructs_lib.event_message import EventMessage

from constructs import Construct

from modules.config.names import Names


def pipeline_failures(scope: Construct, names: Names) -> EventMessage:
    """Tells of each action of the pipeline that fails, with the link to its execution.

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
            "The pipeline <pipeline> failed: action <action> of stage <stage>, at <time>.",
            "What runs in the environments after <stage> has not changed.",
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
    """Tells of each deployment that ended, well or not, with the link to it.

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
            "The deployment <deployment> to <group> ended with <state>, at <time>.",
            "After a FAILURE or STOP, CodeDeploy deploys the last good revision again by itself.",
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
