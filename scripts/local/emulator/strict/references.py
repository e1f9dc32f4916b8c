"""References between resources: whether AWS checks them on creation, only later, or it is not known.

The emulator refuses by this table, and docs/emulator.md is written from it. A reference that AWS refuses and
moto accepts is refused here. One that AWS accepts but that does not work later, and one whose treatment is
not known, is accepted; an invariant over all synthesised stacks refuses it before that.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any  # a request's parameters

from local.emulator.strict import templates
from local.emulator.strict.parameters import text, values
from local.emulator.strict.refusals import Refusal
from local.emulator.strict.region import MISSING, EmulatedRegion, principals
from local.emulator.strict.requests import Asked

Parameters = dict[str, Any]
Look = Callable[[EmulatedRegion, Parameters], Iterator[str]]
"""Yields AWS's message for each value that names a resource that does not exist."""


class Behaviour(Enum):
    """What AWS does about a reference to a resource that does not exist."""

    REFUSED = "refused on creation"
    DEAD = "accepted, but does not work later"
    UNKNOWN = "not known; accepted here"


@dataclass(frozen=True)
class Reference:
    """One kind of reference. by, to: as in "deployment group" and "role"; shown: the test that proves it.

    calls, look, code: how it is refused here. Default: not here, but by moto or by an invariant.
    """

    by: str
    to: str
    behaviour: Behaviour
    source: str
    shown: str
    calls: tuple[str, ...] = ()
    look: Look | None = None
    code: str = ""


def check(region: EmulatedRegion, asked: Asked) -> None:
    """Raises Refusal for a reference to a resource that AWS does not find."""
    for reference in REFERENCES:
        if (
            reference.look
            and asked.name in reference.calls
            and (words := next(reference.look(region, asked.parameters), ""))
        ):
            raise Refusal(reference.code, words)


def _each(path: str, there: Callable[[EmulatedRegion, str], bool], words: str) -> Look:
    """Checks each value at a path; ``{}`` in the message is the value."""

    def look(region: EmulatedRegion, parameters: Parameters) -> Iterator[str]:
        for value in values(parameters, path):
            if not there(region, text(value)):
                yield words.format(value)

    return look


def _role(path: str, service: str, words: str) -> Look:
    return _each(path, lambda region, arn: region.assumable(arn, service), words)


def _template(region: EmulatedRegion, parameters: Parameters) -> Iterator[str]:
    specified = parameters.get("LaunchTemplate")
    if not specified:
        return
    prefix = "You must use a valid fully-formed launch template."
    try:
        named = specified.get("LaunchTemplateId")
        found = (
            region.ec2.get_launch_template(named)
            if named
            else region.ec2.get_launch_template_by_name(specified.get("LaunchTemplateName"))
        )
        data = found.get_version(specified.get("Version") or "$Default").data
    except MISSING:
        yield f"{prefix} The specified launch template, {specified}, does not exist."
        return
    yield from (f"{prefix} {problem}" for problem in templates.problems(region, data))


def _two_zones(region: EmulatedRegion, parameters: Parameters) -> Iterator[str]:
    named = {*values(parameters, "Subnets[]"), *values(parameters, "SubnetMappings[].SubnetId")}
    if parameters.get("Type", "application") == "application" and len(region.zones_of(named)) < 2:
        yield "At least two subnets in two different Availability Zones must be specified"


def _log_bucket(region: EmulatedRegion, parameters: Parameters) -> Iterator[str]:
    attributes = {value["Key"]: value.get("Value", "") for value in values(parameters, "Attributes[]")}
    bucket = attributes.get("access_logs.s3.bucket")
    on = attributes.get("access_logs.s3.enabled") == "true"
    if on and bucket and not region.takes_load_balancer_logs(bucket):
        yield f"Access Denied for bucket: {bucket}. Please check S3bucket permission"


def _log_group_key(region: EmulatedRegion, parameters: Parameters) -> Iterator[str]:
    key, group = parameters.get("kmsKeyId"), parameters.get("logGroupName", "")
    if key and not region.encrypts_log_group(key, group):
        arn = f"arn:aws:logs:{region.name}:{region.account}:log-group:{group}"
        yield f"The specified KMS key does not exist or is not allowed to be used with Arn '{arn}'"


def _policy(path: str, words: str) -> Look:
    def look(region: EmulatedRegion, parameters: Parameters) -> Iterator[str]:
        if parameters.get("AttributeName", "Policy") != "Policy":
            return
        for policy in values(parameters, path):
            for arn in principals(text(policy)):
                if not region.principal(arn):
                    yield words.format(arn)

    return look


PROVIDER = "hashicorp/terraform-provider-aws, internal/service"
REFUSED, DEAD, UNKNOWN = Behaviour.REFUSED, Behaviour.DEAD, Behaviour.UNKNOWN
MISTAKES = "tests/local/emulator/test_mistakes.py"
INVARIANT = "tests/invariants/test_references.py"

REFERENCES = (
    Reference(
        "pipeline",
        "role",
        REFUSED,
        f"{PROVIDER}/codepipeline/codepipeline.go retries InvalidStructureException",
        MISTAKES,
        ("codepipeline:CreatePipeline", "codepipeline:UpdatePipeline"),
        _role(
            "pipeline.roleArn",
            "codepipeline.amazonaws.com",
            "CodePipeline is not authorized to perform AssumeRole on role {}",
        ),
        "InvalidStructureException",
    ),
    Reference(
        "pipeline",
        "connection that is PENDING",
        DEAD,
        "pulumi/pulumi-aws #2167; aws-ia/terraform-aws-control_tower_account_factory #589",
        "tests/local/emulator/test_pushes.py",
    ),
    Reference("pipeline", "build project", UNKNOWN, "no source found", INVARIANT),
    Reference("pipeline", "application and deployment group", UNKNOWN, "no source found", INVARIANT),
    Reference("pipeline", "artifact bucket", UNKNOWN, "no source found", INVARIANT),
    Reference(
        "build project",
        "role",
        REFUSED,
        f"{PROVIDER}/codebuild/project.go retries InvalidInputException",
        MISTAKES,
        ("codebuild:CreateProject", "codebuild:UpdateProject"),
        _role(
            "serviceRole",
            "codebuild.amazonaws.com",
            "CodeBuild is not authorized to perform: sts:AssumeRole on service role. Please verify that: 1) "
            "The provided service role exists, 2) The role name is case-sensitive and matches exactly, and "
            "3) The role has the necessary trust policy configured.",
        ),
        "InvalidInputException",
    ),
    Reference("build project", "log group", UNKNOWN, "no source found", INVARIANT),
    Reference("build project", "repository", UNKNOWN, "named in an environment variable", INVARIANT),
    Reference(
        "deployment group",
        "role",
        REFUSED,
        f"{PROVIDER}/deploy/deployment_group.go retries InvalidRoleException",
        MISTAKES,
        ("codedeploy:CreateDeploymentGroup", "codedeploy:UpdateDeploymentGroup"),
        _role(
            "serviceRoleArn",
            "codedeploy.amazonaws.com",
            "AWS CodeDeploy does not have the permissions required to assume the role {}.",
        ),
        "InvalidRoleException",
    ),
    Reference(
        "deployment group",
        "topic",
        REFUSED,
        f"{PROVIDER}/deploy/deployment_group.go retries InvalidTriggerConfigException",
        MISTAKES,
        ("codedeploy:CreateDeploymentGroup", "codedeploy:UpdateDeploymentGroup"),
        _each("triggerConfigurations[].triggerTargetArn", EmulatedRegion.topic, "Topic ARN {} is not valid"),
        "InvalidTriggerConfigException",
    ),
    Reference(
        "deployment group",
        "Auto Scaling group",
        REFUSED,
        "codedeploy/latest/APIReference/API_CreateDeploymentGroup, InvalidAutoScalingGroupException",
        MISTAKES,
        ("codedeploy:CreateDeploymentGroup", "codedeploy:UpdateDeploymentGroup"),
        _each(
            "autoScalingGroups[]",
            EmulatedRegion.scaling_group,
            "The Auto Scaling group {} was specified in an invalid format or does not exist.",
        ),
        "InvalidAutoScalingGroupException",
    ),
    Reference(
        "deployment group",
        "deployment configuration",
        REFUSED,
        "codedeploy/latest/APIReference/API_CreateDeploymentGroup, DeploymentConfigDoesNotExistException",
        MISTAKES,
        ("codedeploy:CreateDeploymentGroup", "codedeploy:UpdateDeploymentGroup"),
        _each(
            "deploymentConfigName",
            EmulatedRegion.deployment_config,
            "No Deployment Configuration found for name: {}",
        ),
        "DeploymentConfigDoesNotExistException",
    ),
    Reference("deployment group", "target group", UNKNOWN, "no source found", INVARIANT),
    Reference("deployment group", "alarms", UNKNOWN, "no source found", INVARIANT),
    Reference(
        "Auto Scaling group",
        "launch template, and its image, instance profile and security groups",
        REFUSED,
        f"{PROVIDER}/autoscaling/group.go retries Invalid IAM Instance Profile; EC2's messages",
        MISTAKES,
        ("autoscaling:CreateAutoScalingGroup", "autoscaling:UpdateAutoScalingGroup"),
        _template,
        "ValidationError",
    ),
    Reference(
        "Auto Scaling group",
        "subnets",
        REFUSED,
        "autoscaling/ec2/userguide, ts-as-instancelaunchfailure",
        MISTAKES,
    ),
    Reference(
        "Auto Scaling group",
        "target group",
        REFUSED,
        "autoscaling/ec2/APIReference/API_AttachLoadBalancerTargetGroups; seen in public logs",
        MISTAKES,
    ),
    Reference(
        "launch template",
        "image, instance profile, security groups",
        DEAD,
        "AWSEC2/latest/UserGuide/create-launch-template: not validated before a launch",
        "tests/local/emulator/test_autoscaling_launches.py",
    ),
    Reference(
        "load balancer",
        "subnets in two zones",
        REFUSED,
        "elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer",
        MISTAKES,
        ("elbv2:CreateLoadBalancer",),
        _two_zones,
        "ValidationError",
    ),
    Reference(
        "load balancer",
        "bucket for its logs, and its policy",
        REFUSED,
        "kubernetes-sigs/aws-load-balancer-controller #1956; aws/aws-cdk #21947",
        MISTAKES,
        ("elbv2:ModifyLoadBalancerAttributes",),
        _log_bucket,
        "InvalidConfigurationRequest",
    ),
    Reference(
        "listener",
        "certificate",
        REFUSED,
        "elasticloadbalancing/latest/APIReference/API_CreateListener, CertificateNotFound",
        MISTAKES,
    ),
    Reference(
        "log group",
        "key, and its policy for CloudWatch Logs",
        REFUSED,
        "hashicorp/terraform-provider-aws #29282",
        MISTAKES,
        ("logs:CreateLogGroup", "logs:AssociateKmsKey"),
        _log_group_key,
        "AccessDeniedException",
    ),
    Reference(
        "key's policy",
        "role or user",
        REFUSED,
        "kms/latest/developerguide/key-policy-overview",
        MISTAKES,
        ("kms:CreateKey", "kms:PutKeyPolicy"),
        _policy("Policy", "Policy contains a statement with one or more invalid principals."),
        "MalformedPolicyDocumentException",
    ),
    Reference(
        "repository's policy",
        "role or user",
        REFUSED,
        "hashicorp/terraform-provider-aws #39064",
        MISTAKES,
        ("ecr:SetRepositoryPolicy",),
        _policy(
            "policyText",
            "Invalid parameter at 'PolicyText' failed to satisfy constraint: "
            "'Invalid repository policy provided'",
        ),
        "InvalidParameterException",
    ),
    Reference(
        "bucket's policy",
        "role or user",
        REFUSED,
        "AmazonS3/latest/userguide/s3-bucket-user-policy-specifying-principal-intro",
        MISTAKES,
        ("s3:PutBucketPolicy",),
        _policy("Policy", "Invalid principal in policy"),
        "MalformedPolicy",
    ),
    Reference(
        "topic's policy",
        "role or user",
        REFUSED,
        "sns/latest/api/API_SetTopicAttributes, InvalidParameter",
        MISTAKES,
        ("sns:SetTopicAttributes",),
        _policy("AttributeValue", "Invalid parameter: Policy Error: PrincipalNotFound"),
        "InvalidParameter",
    ),
    Reference(
        "role's trust policy",
        "role or user",
        REFUSED,
        "IAM/latest/UserGuide/reference_policies_elements_principal",
        MISTAKES,
        ("iam:CreateRole", "iam:UpdateAssumeRolePolicy"),
        _policy("AssumeRolePolicyDocument", 'Invalid principal in policy: "AWS":"{}"'),
        "MalformedPolicyDocument",
    ),
    Reference(
        "instance profile",
        "role",
        REFUSED,
        "IAM/latest/APIReference/API_AddRoleToInstanceProfile, NoSuchEntity",
        MISTAKES,
    ),
    Reference("subscription", "topic", REFUSED, "sns/latest/api/API_Subscribe, NotFound", MISTAKES),
    Reference(
        "record", "hosted zone", REFUSED, "Route53/latest/APIReference/API_ChangeResourceRecordSets", MISTAKES
    ),
    Reference(
        "event rule's target", "rule", REFUSED, "eventbridge/latest/APIReference/API_PutTargets", MISTAKES
    ),
    Reference(
        "alarm",
        "topic",
        DEAD,
        "AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail: its history says so",
        "tests/invariants/test_watch.py",
    ),
    Reference(
        "event rule's target",
        "topic, pipeline",
        DEAD,
        "eventbridge/latest/userguide/eb-troubleshooting: never invoked",
        INVARIANT,
    ),
    Reference(
        "topic, bucket, pipeline",
        "key",
        DEAD,
        "sns/latest/dg/sns-key-management: publishing fails",
        "tests/invariants/test_storage.py",
    ),
    Reference(
        "flow log", "role, log group", DEAD, "vpc/latest/userguide/flow-logs-troubleshooting", INVARIANT
    ),
)
