"""Deliberate mistakes that the emulated AWS took without a word, and what it says of each now.

Each is sent as Terraform's provider sends it to the emulated AWS, which refuses it in AWS's words, and to one
without its strictness, which takes it: were that no longer so, the mistake would show nothing.
"""

import base64
import json
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
from botocore.exceptions import ClientError

from local.emulator.process import STRICT, running
from local.emulator.strict.references import REFERENCES, Behaviour
from tests.local.emulator.clients import ACCOUNT, CERTIFICATE_ARN, REGION, Clients
from tests.local.emulator.hosts import IMAGE, make_template
from tests.local.emulator.pipelines import definition
from tests.local.emulator.roles import role, trust

NOBODY = f"arn:aws:iam::{ACCOUNT}:role/nobody"
NO_TOPIC = f"arn:aws:sns:{REGION}:{ACCOUNT}:nowhere"
NO_GROUP = f"arn:aws:elasticloadbalancing:{REGION}:{ACCOUNT}:targetgroup/none/0123456789abcdef"
NO_CERTIFICATE = CERTIFICATE_ARN[:-1] + "0"
UBUNTU = "ami-0123456789abcdef0"

Call = Callable[[Clients, str], Any]
"""Makes the call with a mistake; it gets a name that nothing has yet."""


def policy(principal: object, action: str = "kms:*", **more: object) -> str:
    statement = {"Effect": "Allow", "Principal": principal, "Action": action, "Resource": "*", **more}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def group(aws: Clients, name: str, **mistake: Any) -> None:  # noqa: ANN401 - as boto3 takes them
    """A deployment group with a mistake."""
    aws.codedeploy.create_application(applicationName=name, computePlatform="Server")
    right = {"serviceRoleArn": role(aws, "deploy", "codedeploy")}
    aws.codedeploy.create_deployment_group(
        applicationName=name, deploymentGroupName=name, **{**right, **mistake}
    )


def project(aws: Clients, name: str, **mistake: Any) -> None:  # noqa: ANN401 - as boto3 takes them
    """A build project with a mistake."""
    image = "aws/codebuild/amazonlinux-x86_64-standard:5.0"
    kind = {"type": "LINUX_CONTAINER", "image": image, "computeType": "BUILD_GENERAL1_SMALL"}
    right = {
        "source": {"type": "CODEPIPELINE"},
        "artifacts": {"type": "CODEPIPELINE"},
        "environment": kind,
        "serviceRole": role(aws, "build", "codebuild"),
    }
    aws.untyped("codebuild").create_project(name=name, **{**right, **mistake})


def pipeline(aws: Clients, name: str, change: Callable[[dict[str, Any]], None]) -> None:
    """A pipeline with a mistake."""
    made = definition(aws, name, f"arn:aws:codeconnections:{REGION}:{ACCOUNT}:connection/{uuid4()}")
    change(made)
    aws.untyped("codepipeline").create_pipeline(pipeline=made)


def scaling(aws: Clients, name: str, **mistake: Any) -> None:  # noqa: ANN401 - as boto3 takes them
    """An Auto Scaling group with a mistake."""
    aws.untyped("autoscaling").create_auto_scaling_group(
        AutoScalingGroupName=name, MinSize=0, MaxSize=1, **{"AvailabilityZones": [f"{REGION}a"], **mistake}
    )


def template(aws: Clients, name: str, **mistake: Any) -> None:  # noqa: ANN401 - as boto3 takes them
    """An Auto Scaling group whose launch template has a mistake."""
    data: Any = {"ImageId": IMAGE, "InstanceType": "t3.small", **mistake}
    aws.ec2.create_launch_template(LaunchTemplateName=name, LaunchTemplateData=data)
    scaling(aws, name, LaunchTemplate={"LaunchTemplateName": name, "Version": "$Latest"})


def network(aws: Clients) -> tuple[str, list[str]]:
    """The account's own network, and a subnet in each zone."""
    vpc = aws.ec2.describe_vpcs()["Vpcs"][0]["VpcId"]
    subnets = aws.ec2.describe_subnets(Filters=[{"Name": "vpc-id", "Values": [vpc]}])["Subnets"]
    return vpc, list({subnet["AvailabilityZone"]: subnet["SubnetId"] for subnet in subnets}.values())


def in_one_zone(aws: Clients) -> list[str]:
    """Two subnets, both in one zone."""
    vpc, (first, *_) = network(aws)
    zone = aws.ec2.describe_subnets(SubnetIds=[first])["Subnets"][0]["AvailabilityZone"]
    other = aws.ec2.create_subnet(VpcId=vpc, CidrBlock="172.31.240.0/24", AvailabilityZone=zone)
    return [first, other["Subnet"]["SubnetId"]]


def balancer(aws: Clients, name: str) -> str:
    """A load balancer; its ARN."""
    made = aws.elbv2.create_load_balancer(Name=name, Subnets=network(aws)[1][:2])
    return made["LoadBalancers"][0]["LoadBalancerArn"]


def listener(aws: Clients, name: str, **mistake: Any) -> None:  # noqa: ANN401 - as boto3 takes them
    """A listener with a mistake."""
    answer: Any = {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "404"}}
    aws.elbv2.create_listener(
        LoadBalancerArn=balancer(aws, name), Port=443, DefaultActions=[answer], **mistake
    )


def logs_to(aws: Clients, name: str, bucket_policy: str | None) -> None:
    """A load balancer that logs to a bucket."""
    here: Any = {"LocationConstraint": REGION}
    aws.s3.create_bucket(Bucket=name, CreateBucketConfiguration=here)
    if bucket_policy:
        aws.s3.put_bucket_policy(Bucket=name, Policy=bucket_policy)
    attributes: Any = [
        {"Key": "access_logs.s3.enabled", "Value": "true"},
        {"Key": "access_logs.s3.bucket", "Value": name},
    ]
    aws.elbv2.modify_load_balancer_attributes(LoadBalancerArn=balancer(aws, name), Attributes=attributes)


def log_group(aws: Clients, name: str, key_policy: str) -> None:
    """A log group that is encrypted with a key of such a policy."""
    key = aws.untyped("kms").create_key(Policy=key_policy)["KeyMetadata"]["Arn"]
    aws.untyped("logs").create_log_group(logGroupName=f"/{name}/app", kmsKeyId=key)


def security_group(aws: Clients, name: str, description: str) -> None:
    aws.ec2.create_security_group(GroupName=name, Description=description, VpcId=network(aws)[0])


def rule(aws: Clients, name: str, description: str) -> None:
    """A security group's rule with a description."""
    vpc = network(aws)[0]
    made = aws.ec2.create_security_group(GroupName=name, Description="hosts", VpcId=vpc)["GroupId"]
    ranges: Any = [{"CidrIp": "0.0.0.0/0", "Description": description}]
    aws.ec2.authorize_security_group_egress(
        GroupId=made,
        IpPermissions=[{"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "IpRanges": ranges}],
    )


def target_group(aws: Clients, name: str, **mistake: Any) -> None:  # noqa: ANN401 - as boto3 takes them
    right: Any = {"Protocol": "HTTP", "Port": 8080, "VpcId": network(aws)[0]}
    aws.elbv2.create_target_group(Name=name, **{**right, **mistake})


def alarm(aws: Clients, name: str, **mistake: Any) -> None:  # noqa: ANN401 - as boto3 takes them
    right = {
        "MetricName": "errors",
        "Namespace": name,
        "Statistic": "Sum",
        "Period": 60,
        "Threshold": 1.0,
        "EvaluationPeriods": 1,
        "ComparisonOperator": "GreaterThanThreshold",
    }
    aws.untyped("cloudwatch").put_metric_alarm(AlarmName=name, **{**right, **mistake})


def repository_policy(aws: Clients, name: str) -> None:
    ecr = aws.untyped("ecr")
    ecr.create_repository(repositoryName=name)
    ecr.set_repository_policy(repositoryName=name, policyText=policy({"AWS": NOBODY}, "ecr:BatchGetImage"))


def bucket_policy(aws: Clients, name: str) -> None:
    here: Any = {"LocationConstraint": REGION}
    aws.s3.create_bucket(Bucket=name, CreateBucketConfiguration=here)
    everything = f"arn:aws:s3:::{name}/*"
    aws.s3.put_bucket_policy(Bucket=name, Policy=policy({"AWS": NOBODY}, "s3:GetObject", Resource=everything))


def topic_policy(aws: Clients, name: str) -> None:
    sns = aws.untyped("sns")
    arn = sns.create_topic(Name=name)["TopicArn"]
    sns.set_topic_attributes(
        TopicArn=arn, AttributeName="Policy", AttributeValue=policy({"AWS": NOBODY}, "sns:Publish")
    )


def inline_policies(aws: Clients, name: str) -> None:
    aws.iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust("ec2"))
    for purpose in ("read", "read", "write"):  # the second replaces the first
        reading = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{'a' * 5120}"}
        text = json.dumps({"Version": "2012-10-17", "Statement": [reading]})
        aws.iam.put_role_policy(RoleName=name, PolicyName=purpose, PolicyDocument=text)


def _stage(name: str) -> Callable[[dict[str, Any]], None]:
    return lambda made: made["stages"][1].update(name=name)


def _artifact(name: str) -> Callable[[dict[str, Any]], None]:
    return lambda made: made["stages"][1]["actions"][0].update(inputArtifacts=[{"name": name}])


def _variables(length: int) -> Callable[[dict[str, Any]], None]:
    value = {"ProjectName": "build", "EnvironmentVariables": "a" * length}
    return lambda made: made["stages"][1]["actions"][0].update(configuration=value)


def _trigger(made: dict[str, Any]) -> None:
    push = {"push": [{"branches": {"includes": ["main"]}}], "sourceActionName": "Source"}
    trigger = {"providerType": "CodeStarSourceConnection", "gitConfiguration": push}
    made.update(pipelineType="V1", triggers=[trigger])


LOGS = {"Service": f"logs.{REGION}.amazonaws.com"}
OTHERS = {
    "ArnLike": {"kms:EncryptionContext:aws:logs:arn": f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/b/*"}
}
ROOT = {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}
DELIVERY = {"Service": "delivery.logs.amazonaws.com"}  # of other services' logs
ARM_IMAGE = {
    "type": "LINUX_CONTAINER",
    "image": "aws/codebuild/amazonlinux-aarch64-standard:3.0",
    "computeType": "BUILD_GENERAL1_SMALL",
}
TRIGGERED = [{"triggerName": "alerts", "triggerTargetArn": NO_TOPIC, "triggerEvents": ["DeploymentRollback"]}]

MISTAKES: dict[str, tuple[Call, str]] = {
    "a stage with a space in its name": (
        lambda aws, name: pipeline(aws, name, _stage("Build it")),
        "'Build it' at 'pipeline.stages.2.member.name' failed to satisfy constraint",
    ),
    "an artifact with a dot in its name": (
        lambda aws, name: pipeline(aws, name, _artifact("source.zip")),
        "'source.zip' at 'pipeline.stages.2.member.actions.1.member.inputArtifacts.1.member.name'",
    ),
    "an artifact that no action makes": (
        lambda aws, name: pipeline(aws, name, _artifact("image")),
        "Input artifact image of action Build comes from no earlier action",
    ),
    "variables of a build action over 1,000 characters": (
        lambda aws, name: pipeline(aws, name, _variables(1001)),
        "Member must have length less than or equal to 1000",
    ),
    "a trigger on a pipeline of type V1": (
        lambda aws, name: pipeline(aws, name, _trigger),
        "Triggers are only supported for pipelines of type V2",
    ),
    "an image for ARM on an x86 build": (
        lambda aws, name: project(aws, name, environment=ARM_IMAGE),
        "is not for the environment type LINUX_CONTAINER",
    ),
    "a build whose role is not there": (
        lambda aws, name: project(aws, name, serviceRole=NOBODY),
        "CodeBuild is not authorized to perform: sts:AssumeRole on service role",
    ),
    "a build whose role trusts another service": (
        lambda aws, name: project(aws, name, serviceRole=role(aws, "deploy", "codedeploy")),
        "CodeBuild is not authorized to perform: sts:AssumeRole on service role",
    ),
    "a deployment group whose role is not there": (
        lambda aws, name: group(aws, name, serviceRoleArn=NOBODY),
        f"does not have the permissions required to assume the role {NOBODY}",
    ),
    "a deployment group that tells a topic that is not there": (
        lambda aws, name: group(aws, name, triggerConfigurations=TRIGGERED),
        f"Topic ARN {NO_TOPIC} is not valid",
    ),
    "a deployment group on an Auto Scaling group that is not there": (
        lambda aws, name: group(aws, name, autoScalingGroups=["none"]),
        "The Auto Scaling group none was specified in an invalid format or does not exist",
    ),
    "a deployment configuration that is not there": (
        lambda aws, name: group(aws, name, deploymentConfigName="Slowly"),
        "No Deployment Configuration found for name: Slowly",
    ),
    "an application with a slash in its name": (
        lambda aws, name: aws.codedeploy.create_application(applicationName=f"{name}/app"),
        "at 'applicationName' failed to satisfy constraint",
    ),
    "hosts of an image that is not there": (
        lambda aws, name: template(aws, name, ImageId=UBUNTU),
        f"valid fully-formed launch template. The image id '[{UBUNTU}]' does not exist",
    ),
    "hosts whose image is for other processors": (
        lambda aws, name: template(aws, name, InstanceType="t4g.small"),
        "does not match the architecture 'x86_64' of the specified AMI",
    ),
    "hosts whose instance profile is not there": (
        lambda aws, name: template(aws, name, IamInstanceProfile={"Name": "nobody"}),
        "Value (nobody) for parameter iamInstanceProfile.name is invalid",
    ),
    "user data over 16 KiB": (
        lambda aws, name: aws.ec2.create_launch_template(
            LaunchTemplateName=name,
            LaunchTemplateData={"UserData": base64.b64encode(b"#" * 16385).decode()},
        ),
        "User data is limited to 16384 bytes",
    ),
    "an Auto Scaling group with a colon in its name": (
        lambda aws, name: scaling(
            aws, f"{name}:hosts", LaunchTemplate={"LaunchTemplateId": make_template(aws, name)}
        ),
        "Invalid Auto Scaling group name",
    ),
    "a load balancer whose name begins with internal-": (
        lambda aws, name: balancer(aws, f"internal-{name}"),
        "is not valid",
    ),
    "a load balancer in one zone": (
        lambda aws, name: aws.elbv2.create_load_balancer(Name=name, Subnets=in_one_zone(aws)),
        "At least two subnets in two different Availability Zones must be specified",
    ),
    "a load balancer that may not write its logs": (
        lambda aws, name: logs_to(aws, name, None),
        "Please check S3bucket permission",
    ),
    "a bucket that lets another service write the load balancer's logs": (
        lambda aws, name: logs_to(
            aws, name, policy(DELIVERY, "s3:PutObject", Resource=f"arn:aws:s3:::{name}/*")
        ),
        "Please check S3bucket permission",
    ),
    "a log group that its key is not open to": (
        lambda aws, name: log_group(aws, name, policy(ROOT)),
        "The specified KMS key does not exist or is not allowed to be used with Arn",
    ),
    "a log group that its key is open to under another name": (
        lambda aws, name: log_group(aws, name, policy(LOGS, "kms:Encrypt*", Condition=OTHERS)),
        "The specified KMS key does not exist or is not allowed to be used with Arn",
    ),
    "a log group that keeps for 31 days": (
        lambda aws, name: (
            aws.untyped("logs").create_log_group(logGroupName=name),
            aws.untyped("logs").put_retention_policy(logGroupName=name, retentionInDays=31),
        ),
        "Valid values are",
    ),
    "a key's policy for a role that is not there": (
        lambda aws, _: aws.untyped("kms").create_key(Policy=policy({"AWS": NOBODY})),
        "Policy contains a statement with one or more invalid principals",
    ),
    "a repository's policy for a role that is not there": (
        repository_policy,
        "Invalid repository policy provided",
    ),
    "a bucket's policy for a role that is not there": (bucket_policy, "Invalid principal in policy"),
    "a topic's policy for a role that is not there": (topic_policy, "PrincipalNotFound"),
    "a role that a role may assume that is not there": (
        lambda aws, name: aws.iam.create_role(
            RoleName=name,
            AssumeRolePolicyDocument=trust("ec2")
            .replace('"Service"', '"AWS"')
            .replace("ec2.amazonaws.com", NOBODY),
        ),
        "Invalid principal in policy",
    ),
    "a trust policy over 2,048 characters": (
        lambda aws, name: aws.iam.create_role(
            RoleName=name,
            AssumeRolePolicyDocument=trust("ec2").replace('"2012', '"' + "a" * 2048 + "2012"),
        ),
        "ACLSizePerRole: 2048",
    ),
    "a managed policy over 6,144 characters": (
        lambda aws, name: aws.iam.create_policy(
            PolicyName=name,
            PolicyDocument=json.dumps(
                {
                    "Version": "2012-10-17",
                    "Statement": [
                        {
                            "Effect": "Allow",
                            "Action": "s3:GetObject",
                            "Resource": f"arn:aws:s3:::{'a' * 6144}",
                        }
                    ],
                }
            ),
        ),
        "PolicySize: 6144",
    ),
    "inline policies of over 10,240 characters together": (inline_policies, "Maximum policy size of 10240"),
    "a role's description with a dash beyond Latin-1": (
        lambda aws, name: aws.iam.create_role(
            RoleName=name, AssumeRolePolicyDocument=trust("ec2"), Description="hosts – all of them"
        ),
        "at 'description' failed to satisfy constraint",
    ),
    "a security group with an apostrophe in its description": (
        lambda aws, name: security_group(aws, name, "the hosts' group"),
        "Invalid security group description",
    ),
    "a rule with an arrow in its description": (
        lambda aws, name: rule(aws, name, "hosts -> HTTPS"),
        "Invalid security group description",
    ),
    "an alarm every 90 seconds": (
        lambda aws, name: alarm(aws, name, Period=90),
        "must be 10, 20, 30 or a multiple of 60",
    ),
    "a connection with a name of 33 letters": (
        lambda aws, _: aws.untyped("codestar-connections").create_connection(
            ConnectionName="a" * 33, ProviderType="GitHub"
        ),
        "at 'connectionName' failed to satisfy constraint: Member must have length less than or equal to 32",
    ),
}


@pytest.fixture(scope="module")
def lenient() -> Iterator[Clients]:
    """The emulated AWS as it was: with moto's gaps filled, and no stricter than moto."""
    with running(account=ACCOUNT, region=REGION, without=[STRICT]) as emulator:
        yield Clients(emulator.endpoint)


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_refused_in_awss_words(aws: Clients, mistake: str) -> None:
    call, words = MISTAKES[mistake]
    with pytest.raises(ClientError) as refusal:
        call(aws, f"m{uuid4().hex[:12]}")
    assert words in str(refusal.value)


@pytest.mark.parametrize("mistake", MISTAKES)
def test_without_the_strictness_it_is_taken(lenient: Clients, mistake: str) -> None:
    call, _ = MISTAKES[mistake]
    call(lenient, f"m{uuid4().hex[:12]}")


MOTO_REFUSES: dict[tuple[str, str], tuple[Call, str]] = {
    ("pipeline", "role"): (
        lambda aws, name: pipeline(aws, name, lambda made: made.update(roleArn=NOBODY)),
        "CodePipeline is not authorized to perform AssumeRole",
    ),
    ("instance profile", "role"): (
        lambda aws, name: (
            aws.iam.create_instance_profile(InstanceProfileName=name),
            aws.iam.add_role_to_instance_profile(InstanceProfileName=name, RoleName="nobody"),
        ),
        "NoSuchEntity",
    ),
    ("subscription", "topic"): (
        lambda aws, _: aws.untyped("sns").subscribe(
            TopicArn=NO_TOPIC, Protocol="email", Endpoint="team@example.com"
        ),
        "NotFound",
    ),
    ("record", "hosted zone"): (
        lambda aws, _: aws.untyped("route53").list_resource_record_sets(HostedZoneId="Z0"),
        "NoSuchHostedZone",
    ),
    ("event rule's target", "rule"): (
        lambda aws, name: aws.untyped("events").put_targets(
            Rule=name, Targets=[{"Id": "1", "Arn": NO_TOPIC}]
        ),
        "ResourceNotFoundException",
    ),
    ("Auto Scaling group", "subnets"): (
        lambda aws, name: scaling(
            aws,
            name,
            LaunchTemplate={"LaunchTemplateId": make_template(aws, name)},
            VPCZoneIdentifier="subnet-0123456789abcdef0",
        ),
        "subnet-0123456789abcdef0",
    ),
    ("Auto Scaling group", "target group"): (
        lambda aws, name: scaling(
            aws,
            name,
            LaunchTemplate={"LaunchTemplateId": make_template(aws, name)},
            TargetGroupARNs=[NO_GROUP],
        ),
        "TargetGroupNotFound",
    ),
    ("listener", "certificate"): (
        lambda aws, name: listener(
            aws, name, Protocol="HTTPS", Certificates=[{"CertificateArn": NO_CERTIFICATE}]
        ),
        "CertificateNotFound",
    ),
}


@pytest.mark.parametrize("reference", MOTO_REFUSES, ids=" to ".join)
def test_what_moto_refuses_needs_no_strictness(lenient: Clients, reference: tuple[str, str]) -> None:
    call, words = MOTO_REFUSES[reference]
    with pytest.raises(ClientError, match=words):
        call(lenient, f"m{uuid4().hex[:12]}")


REFUSED = {
    ("build project", "role"): "a build whose role is not there",
    ("deployment group", "role"): "a deployment group whose role is not there",
    ("deployment group", "topic"): "a deployment group that tells a topic that is not there",
    ("deployment group", "Auto Scaling group"): (
        "a deployment group on an Auto Scaling group that is not there"
    ),
    ("deployment group", "deployment configuration"): "a deployment configuration that is not there",
    ("Auto Scaling group", "launch template, and its image, instance profile and security groups"): (
        "hosts whose instance profile is not there"
    ),
    ("load balancer", "subnets in two zones"): "a load balancer in one zone",
    ("load balancer", "bucket for its logs, and its policy"): "a load balancer that may not write its logs",
    ("log group", "key, and its policy for CloudWatch Logs"): "a log group that its key is not open to",
    ("key's policy", "role or user"): "a key's policy for a role that is not there",
    ("repository's policy", "role or user"): "a repository's policy for a role that is not there",
    ("bucket's policy", "role or user"): "a bucket's policy for a role that is not there",
    ("topic's policy", "role or user"): "a topic's policy for a role that is not there",
    ("role's trust policy", "role or user"): "a role that a role may assume that is not there",
}
"""The mistake that shows each reference that the emulator refuses."""


def test_every_reference_that_is_refused_has_its_mistake() -> None:
    refused = {
        (reference.by, reference.to): reference.look
        for reference in REFERENCES
        if reference.behaviour is Behaviour.REFUSED
    }
    here = {names for names, look in refused.items() if look} - {("pipeline", "role")}
    assert here == REFUSED.keys()
    assert set(REFUSED.values()) <= MISTAKES.keys()
    assert set(refused) - here == MOTO_REFUSES.keys()
