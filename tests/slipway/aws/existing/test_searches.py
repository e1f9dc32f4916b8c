"""Searches where names alone do not decide; that each finds what Terraform made: test_adopt_search.py."""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import ClientError

from slipway.adopt.search import Candidate, Outcome
from slipway.aws.clients import Aws
from slipway.aws.errors import RefusedError
from slipway.aws.existing import deploying
from slipway.aws.existing.wanted import Reader
from slipway.console.errors import SlipwayError
from tests.slipway.accounts import ACCOUNT, emptied
from tests.slipway.aws.existing.searching import Planned, only, searched, vpc

if TYPE_CHECKING:
    from mypy_boto3_elbv2.type_defs import ActionTypeDef

MADE = "20261129104645091100000000"
KEYS: Planned = {
    "aws_kms_key": {"key": {"description": "Logs."}},
    "aws_kms_alias": {"alias": {"name": "alias/my-app", "target_key_id": "${aws_kms_key.key.key_id}"}},
}
GROUP: Planned = {"aws_autoscaling_group": {"hosts": {"name_prefix": "my-app-prod-"}}}
DEPLOYED: Planned = {
    **GROUP,
    "aws_codedeploy_deployment_group": {
        "group": {
            "app_name": "my-app",
            "deployment_group_name": "my-app-prod",
            "autoscaling_groups": ["${aws_autoscaling_group.hosts.name}"],
        }
    },
}


@pytest.fixture
def aws() -> Iterator[Aws]:
    with emptied() as aws:
        yield aws


def scaling_group(aws: Aws, name: str) -> None:
    aws.ec2.create_launch_template(
        LaunchTemplateName=f"template-of-{name}", LaunchTemplateData={"ImageId": "ami-12c6146b"}
    )
    aws.autoscaling.create_auto_scaling_group(
        AutoScalingGroupName=name,
        MinSize=0,
        MaxSize=0,
        AvailabilityZones=["eu-central-1a"],
        LaunchTemplate={"LaunchTemplateName": f"template-of-{name}", "Version": "1"},
    )


def deployment_group(aws: Aws, application: str, name: str, hosts: str) -> None:
    if application not in aws.codedeploy.list_applications()["applications"]:
        aws.codedeploy.create_application(applicationName=application, computePlatform="Server")
    trust = json.dumps({"Version": "2012-10-17", "Statement": []})
    role = f"deploys-{application}-{name}"
    aws.iam.create_role(RoleName=role, AssumeRolePolicyDocument=trust)
    aws.codedeploy.create_deployment_group(
        applicationName=application,
        deploymentGroupName=name,
        serviceRoleArn=f"arn:aws:iam::{ACCOUNT}:role/{role}",
        autoScalingGroups=[hosts],
    )


def test_a_key_is_found_by_its_alias_unless_it_is_about_to_be_deleted(aws: Aws) -> None:
    key = aws.kms.create_key()["KeyMetadata"]["KeyId"]
    aws.kms.create_alias(AliasName="alias/my-app", TargetKeyId=key)
    assert searched(aws, KEYS)["aws_kms_key.key"].id == key

    aws.kms.schedule_key_deletion(KeyId=key)
    assert searched(aws, KEYS)["aws_kms_key.key"].outcome is Outcome.ABSENT


def test_a_group_whose_name_terraform_made_is_adopted(aws: Aws) -> None:
    scaling_group(aws, f"my-app-prod-{MADE}")

    found = only(aws, GROUP)
    assert (found.outcome, found.id) == (Outcome.FOUND, f"my-app-prod-{MADE}")


@pytest.mark.parametrize("name", ["my-app-prod", "my-app-prod-hosts", "web"])
def test_a_group_with_a_fixed_name_is_named_and_not_adopted(aws: Aws, name: str) -> None:
    scaling_group(aws, name)
    deployment_group(aws, "my-app", "my-app-prod", name)

    found = searched(aws, DEPLOYED)["aws_autoscaling_group.hosts"]
    assert (found.outcome, found.ids) == (Outcome.DIFFERENT, (name,))
    assert name in found.why


def test_another_groups_name_is_none_of_ours(aws: Aws) -> None:
    scaling_group(aws, "my-app-production")

    assert only(aws, GROUP).outcome is Outcome.ABSENT


def test_a_security_group_with_a_fixed_name_would_be_replaced(aws: Aws) -> None:
    network = vpc(aws)
    made = aws.ec2.create_security_group(GroupName="my-app-prod-hosts", Description="Hosts.", VpcId=network)
    planned: Planned = {
        "aws_security_group": {"hosts": {"name_prefix": "my-app-prod-hosts-", "vpc_id": network}},
        "aws_vpc_security_group_egress_rule": {
            "all": {"security_group_id": "${aws_security_group.hosts.id}", "ip_protocol": "-1"}
        },
    }

    found = searched(aws, planned)
    assert found["aws_security_group.hosts"].outcome is Outcome.DIFFERENT
    assert found["aws_security_group.hosts"].ids == (made["GroupId"],)
    assert found["aws_vpc_security_group_egress_rule.all"].outcome is Outcome.ABSENT


@pytest.mark.parametrize(("port", "outcome"), [(443, Outcome.FOUND), (80, Outcome.ABSENT)])
def test_a_rule_is_found_by_all_that_it_says(aws: Aws, port: int, outcome: Outcome) -> None:
    network = vpc(aws)
    group = aws.ec2.create_security_group(GroupName="g", Description="Hosts.", VpcId=network)["GroupId"]
    aws.ec2.authorize_security_group_ingress(
        GroupId=group,
        IpPermissions=[
            {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]}
        ],
    )
    rule = {
        "security_group_id": group,
        "ip_protocol": "tcp",
        "from_port": port,
        "to_port": port,
        "cidr_ipv4": "10.0.0.0/8",
    }

    assert only(aws, {"aws_vpc_security_group_ingress_rule": {"in": rule}}).outcome is outcome
    assert only(aws, {"aws_vpc_security_group_egress_rule": {"out": rule}}).outcome is Outcome.ABSENT


def test_a_bucket_that_may_not_be_looked_at_is_refused(aws: Aws, monkeypatch: pytest.MonkeyPatch) -> None:
    refused = ClientError({"Error": {"Code": "403", "Message": "Forbidden"}}, "HeadBucket")

    def one(*_: object, **__: object) -> None:
        raise RefusedError(refused)

    monkeypatch.setattr(Reader, "one", one)
    with pytest.raises(SlipwayError, match="the bucket artifacts exists, and cannot be adopted"):
        only(aws, {"aws_s3_bucket": {"own": {"bucket": "artifacts"}}})


def test_a_setting_that_a_bucket_never_had_is_new(aws: Aws) -> None:
    aws.s3.create_bucket(Bucket="artifacts", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    planned = {
        "aws_s3_bucket": {"own": {"bucket": "artifacts"}},
        "aws_s3_bucket_versioning": {"own": {"bucket": "${aws_s3_bucket.own.id}"}},
    }

    found = searched(aws, planned)
    assert found["aws_s3_bucket.own"].id == "artifacts"
    assert found["aws_s3_bucket_versioning.own"].outcome is Outcome.ABSENT  # it was never switched on


def test_the_deployment_groups_of_every_application_are_seen(aws: Aws) -> None:
    scaling_group(aws, "web")
    deployment_group(aws, "my-app", "my-app-prod", "web")
    deployment_group(aws, "older-app", "live", "web")

    assert deploying.deployment_groups_on(aws, ["web", "none"]) == {
        "web": ["my-app/my-app-prod", "older-app/live"],
        "none": [],
    }


def test_a_rule_of_a_shared_listener_is_found_by_its_conditions(aws: Aws) -> None:
    network = vpc(aws)
    subnets = [
        str(
            aws.ec2.create_subnet(VpcId=network, CidrBlock=f"10.1.{n}.0/24", AvailabilityZone=zone)["Subnet"][
                "SubnetId"
            ]
        )
        for n, zone in enumerate(("eu-central-1a", "eu-central-1b"))
    ]
    balancer = aws.elbv2.create_load_balancer(Name="shared", Subnets=subnets)["LoadBalancers"][0]
    target = aws.elbv2.create_target_group(Name="t", Protocol="HTTP", Port=80, VpcId=network)["TargetGroups"][
        0
    ]
    forward: list[ActionTypeDef] = [{"Type": "forward", "TargetGroupArn": target["TargetGroupArn"]}]
    listener = aws.elbv2.create_listener(
        LoadBalancerArn=balancer["LoadBalancerArn"], Protocol="HTTP", Port=80, DefaultActions=forward
    )["Listeners"][0]["ListenerArn"]
    rule = aws.elbv2.create_rule(
        ListenerArn=listener,
        Priority=7,
        Actions=forward,
        Conditions=[
            {"Field": "host-header", "HostHeaderConfig": {"Values": ["b.example.com", "a.example.com"]}}
        ],
    )["Rules"][0]["RuleArn"]
    data: Planned = {
        "aws_lb": {"shared": {"name": "shared"}},
        "aws_lb_listener": {"shared": {"load_balancer_arn": "${data.aws_lb.shared.arn}", "port": 80}},
    }

    def found(*hosts: str, shared: Planned = data, to: str = "t") -> Candidate:
        planned = {
            "listener_arn": "${data.aws_lb_listener.shared.arn}",
            "condition": [{"host_header": {"values": list(hosts)}}],
            "action": [{"type": "forward", "target_group_arn": "${aws_lb_target_group.own.arn}"}],
        }
        group = {"own": {"name": to}}
        found = searched(
            aws, {"aws_lb_listener_rule": {"own": planned}, "aws_lb_target_group": group}, data=shared
        )
        return found["aws_lb_listener_rule.own"]

    assert found("a.example.com", "b.example.com").id == rule
    assert found("a.example.com").outcome is Outcome.ABSENT
    given = {"aws_lb_listener": {"shared": {"arn": listener}}}
    assert found("a.example.com", "b.example.com", shared=given).id == rule
    # Another deployment's rule: the service's target group is not there yet, or is another one.
    assert found("a.example.com", "b.example.com", to="ours").outcome is Outcome.ABSENT
    aws.elbv2.create_target_group(Name="ours", Protocol="HTTP", Port=80, VpcId=network)
    assert found("a.example.com", "b.example.com", to="ours").outcome is Outcome.ABSENT
