"""Calls of `terraform plan` with CI's role: the state, and each resource of every stack."""

from collections.abc import Iterator

from modules.config.names import Names
from tests.modules.test_plan_coverage import READS, kinds
from tests.security.account import Account
from tests.security.evaluation import Context
from tests.security.recorded import recorded
from tests.security.uses.use import RECORDED, Use, with_key

STATE = "developer.hashicorp.com/terraform/language/backend/s3"
NOT_SEEN = "inferred: a call of the AWS provider that was not recorded at the emulated AWS"

NO_RESOURCE = ("autoscaling:", "ec2:", "elasticloadbalancing:", "kms:ListAliases", "logs:DescribeLogGroups")
"""Beginnings of actions without resource-level permissions, except those in ``_named``."""


MADE_ONCE = {"aws_codedeploy_deployment_config", "aws_s3_bucket_notification"}
"""Types that earlier settings may have created: a plan reads them until an apply removes them."""


def uses(account: Account) -> list[Use]:
    """Calls of the plan role."""
    seen = recorded("plan")
    kinds_read = kinds(account.synthesised) | MADE_ONCE
    needed = sorted({action for kind in kinds_read for action in READS[kind].split()})
    return [
        *_state(account.names),
        *(
            Use(
                [action],
                on,
                f"Terraform reads {_what(action)}",
                RECORDED if action in seen else NOT_SEEN,
                context,
            )
            for action in needed
            for on, context in _requests(account, action)
        ),
    ]


def _state(names: Names) -> list[Use]:
    bucket = names.bucket_arn(names.state_bucket)
    states = [f"{bucket}/{names.state_key(stack)}" for stack in names.stacks]
    return [
        Use(["s3:ListBucket"], [bucket], "Terraform lists the states", RECORDED),
        Use(["s3:GetObject"], states, "Terraform reads the state of each stack, without a lock", RECORDED),
    ]


def _what(action: str) -> str:
    """The types of resources that an action reads, by the provider's names."""
    return ", ".join(
        kind.removeprefix("aws_") for kind, actions in READS.items() if action in actions.split()
    )


def _requests(account: Account, action: str) -> Iterator[tuple[list[str], Context]]:
    """The resources and the context of the provider's requests for an action."""
    service, named = action.partition(":")[0], _named(account)
    if service == "kms" and action not in NO_RESOURCE:
        for alias in account.synthesised.resources("aws_kms_alias"):
            yield [account.key(alias["name"])], with_key(account, alias["name"])
        if action == "kms:DescribeKey":
            yield from (([arn], {}) for arn in account.names.encryption_keys)
    elif action not in named and action.startswith(NO_RESOURCE):
        yield ["*"], {}
    else:
        yield named.get(action) or named[service], {}


def _named(account: Account) -> dict[str, list[str]]:
    """The resources of requests, by action, or else by service."""
    names, arn = account.names, account.names.arn

    def all_of(kind: str, service: str, prefix: str, attribute: str = "name") -> list[str]:
        found = account.synthesised.resources(kind)
        return [arn(service, prefix + each[attribute]) for each in found]

    connections = [
        arn(service, "connection/12345678") for service in ("codeconnections", "codestar-connections")
    ]
    iam, rest = f"arn:aws:iam::{names.account}", "12345678-90ab-cdef-1234-567890abcdef"
    policies = [
        f"{iam}:policy/{resource['name']}" for resource in account.synthesised.resources("aws_iam_policy")
    ]
    return {
        "acm": [arn("acm", f"certificate/{rest}")],
        "cloudwatch:DescribeAlarms": [arn("cloudwatch", "alarm:*")],
        "cloudwatch:GetDashboard": [
            f"arn:aws:cloudwatch::{names.account}:dashboard/{resource['dashboard_name']}"
            for resource in account.synthesised.resources("aws_cloudwatch_dashboard")
        ],
        "cloudwatch": all_of("aws_cloudwatch_metric_alarm", "cloudwatch", "alarm:", "alarm_name"),
        "codebuild": [arn("codebuild", f"project/{each}") for each in (names.build_project, *_runs(names))],
        "codeconnections": connections,
        "codestar-connections": connections,
        "codedeploy:GetApplication": [arn("codedeploy", f"application:{names.application}")],
        "codedeploy:GetDeploymentConfig": [
            arn("codedeploy", f"deploymentconfig:{environment.prefix}-hosts-2")
            for environment in names.environments
        ],
        "codedeploy:GetDeploymentGroup": [
            environment.deployment_group_arn for environment in names.environments
        ],
        "codedeploy": [
            arn("codedeploy", f"application:{names.application}"),
            *(environment.deployment_group_arn for environment in names.environments),
        ],
        "codepipeline": [arn("codepipeline", names.delivery_pipeline)],
        "ec2:DescribeVpcAttribute": [arn("ec2", "vpc/vpc-0123456789abcdef0")],
        "ecr": all_of("aws_ecr_repository", "ecr", "repository/"),
        "events": all_of("aws_cloudwatch_event_rule", "events", "rule/"),
        "iam:GetInstanceProfile": [
            f"{iam}:instance-profile/{resource['name']}"
            for resource in account.synthesised.resources("aws_iam_instance_profile")
        ],
        "iam:GetOpenIDConnectProvider": [account.oidc_provider],
        "iam:GetPolicy": policies,
        "iam:GetPolicyVersion": policies,
        "iam": [role.arn for role in account.roles.values()],
        "logs:ListTagsForResource": all_of("aws_cloudwatch_log_group", "logs", "log-group:"),
        "route53:ListHostedZones": ["*"],
        "route53": ["arn:aws:route53:::hostedzone/Z0123456789ABCDEFGHIJ"],
        "s3": [
            names.bucket_arn(resource["bucket"])
            for resource in account.synthesised.resources("aws_s3_bucket")
        ],
        "sns:GetSubscriptionAttributes": [names.topic_arn, f"{names.topic_arn}:{rest}"],
        "sns": [names.topic_arn],
        "ssm": all_of("aws_ssm_document", "ssm", "document/"),
    }


def _runs(names: Names) -> list[str]:
    """The projects that run commands, if the settings have a release command."""
    return [environment.run_project for environment in names.environments if names.pipeline.release]
