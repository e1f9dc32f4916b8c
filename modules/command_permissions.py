"""The permissions for ``slipway run`` and ``slipway shell``, as separate policies for every environment.

Anyone who may run a command with an environment's configuration, or open a session on one of its hosts, can
read its secrets. So neither is part of the operator's policy; attach them in addition to the viewer's.
"""

from constructs_lib.policy import Conditions, Statement

from modules.config.names import EnvironmentNames


def run(names: EnvironmentNames) -> list[Statement]:
    """Start, watch and stop commands in one environment, and read their output."""
    log = names.arn("logs", f"log-group:{names.log_group('run')}:*")
    return [
        Statement(
            actions=["codebuild:BatchGetBuilds", "codebuild:StartBuild", "codebuild:StopBuild"],
            resources=[names.arn("codebuild", f"project/{names.run_project}")],
        ),
        Statement(actions=["logs:GetLogEvents"], resources=[log]),
    ]


def shell(names: EnvironmentNames) -> list[Statement]:
    """Open a session on a host of one environment, selected by tags, only with the document that logs it.

    Without the condition, AWS's own document would also be allowed
    (docs.aws.amazon.com/systems-manager/latest/userguide/getting-started-sessiondocumentaccesscheck.html).
    """
    checked: Conditions = {"BoolIfExists": {"ssm:SessionDocumentAccessCheck": "true"}}
    return [
        Statement(
            actions=["ssm:StartSession"],
            resources=[names.arn("ec2", "instance/*")],
            conditions={
                "StringEquals": {
                    "ssm:resourceTag/service": names.service,
                    "ssm:resourceTag/environment": names.environment,
                },
                **checked,
            },
        ),
        Statement(
            actions=["ssm:StartSession"],
            resources=[names.arn("ssm", f"document/{names.session_document}")],
            conditions=checked,
        ),
    ]
