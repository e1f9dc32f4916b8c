"""Gap: instances are what their launch template says, and what EC2 refuses is a failed scaling activity."""

from typing import Any

import pytest

from local.emulator.launch_faults import NO_KEY, fail_launches
from tests.local.emulator.clients import ACCOUNT, REGION, Clients
from tests.local.emulator.hosts import IMAGE, hosts, make_group, make_template, user_data
from tests.local.emulator.roles import role

ARM = IMAGE.replace("x86_64", "arm64")


def template_of_hosts(aws: Clients, name: str) -> str:
    """A template with a profile, tokens and an encrypted disk; its id."""
    role(aws, name, "ec2")
    aws.iam.create_instance_profile(InstanceProfileName=name)
    aws.iam.add_role_to_instance_profile(InstanceProfileName=name, RoleName=name)
    data: Any = {
        "ImageId": IMAGE,
        "InstanceType": "t3.small",
        "UserData": user_data("boot"),
        "IamInstanceProfile": {"Arn": f"arn:aws:iam::{ACCOUNT}:instance-profile/{name}"},
        "MetadataOptions": {"HttpTokens": "required", "HttpPutResponseHopLimit": 1},
        "BlockDeviceMappings": [{"DeviceName": "/dev/xvda", "Ebs": {"VolumeSize": 8, "Encrypted": True}}],
        "Monitoring": {"Enabled": True},
    }
    made = aws.ec2.create_launch_template(LaunchTemplateName=name, LaunchTemplateData=data)
    return made["LaunchTemplate"]["LaunchTemplateId"]


def group(aws: Clients, name: str, template: str, size: int = 2) -> None:
    aws.untyped("autoscaling").create_auto_scaling_group(
        AutoScalingGroupName=name,
        MinSize=size,
        MaxSize=size,
        AvailabilityZones=[f"{REGION}a", f"{REGION}b"],
        LaunchTemplate={"LaunchTemplateId": template, "Version": "$Latest"},
    )


def activities(aws: Clients, name: str) -> list[dict[str, Any]]:
    found = aws.untyped("autoscaling").describe_scaling_activities(AutoScalingGroupName=name)
    return [dict(activity) for activity in found["Activities"]]


def test_an_instance_is_what_its_template_says(beyond_moto: Clients) -> None:
    group(beyond_moto, "equipped", template_of_hosts(beyond_moto, "equipped"))
    ids = hosts(beyond_moto, "equipped")
    found = [
        instance
        for reservation in beyond_moto.ec2.describe_instances(InstanceIds=ids)["Reservations"]
        for instance in reservation["Instances"]
    ]
    for each in found:
        assert each["ImageId"].startswith("ami-")
        assert each["InstanceType"] == "t3.small"
        assert each["IamInstanceProfile"]["Arn"].endswith(":instance-profile/equipped")
        assert each["MetadataOptions"]["HttpTokens"] == "required"
        assert each["Monitoring"]["State"] == "enabled"
        volume = each["BlockDeviceMappings"][-1]["Ebs"]["VolumeId"]
        assert beyond_moto.ec2.describe_volumes(VolumeIds=[volume])["Volumes"][0]["Encrypted"] is True
    assert {each["Placement"]["AvailabilityZone"] for each in found} == {f"{REGION}a", f"{REGION}b"}


def test_every_launch_is_an_activity_newest_first(beyond_moto: Clients) -> None:
    make_group(beyond_moto, "launched")
    beyond_moto.untyped("autoscaling").set_desired_capacity(
        AutoScalingGroupName="launched", DesiredCapacity=2
    )
    found = activities(beyond_moto, "launched")
    assert [each["StatusCode"] for each in found] == ["Successful"] * 2
    assert [each["Description"].split()[-1] for each in found[::-1]] == hosts(beyond_moto, "launched")


BAD: dict[str, tuple[dict[str, object], str]] = {
    "an image that is not there": ({"ImageId": "ami-0123456789abcdef0"}, "does not exist"),
    "an image for other processors": ({"ImageId": ARM}, "architecture 'arm64' of the specified AMI"),
    "a profile that is not there": (
        {"IamInstanceProfile": {"Name": "missing"}},
        "Value (missing) for parameter iamInstanceProfile.name is invalid",
    ),
    "a security group that is not there": (
        {"SecurityGroupIds": ["sg-0123456789abcdef0"]},
        "The security group 'sg-0123456789abcdef0' does not exist",
    ),
}


@pytest.mark.parametrize("mistake", BAD)
def test_a_template_that_ec2_refuses_makes_a_failed_activity_and_no_host(aws: Clients, mistake: str) -> None:
    """The group goes on with $Latest, which nobody looks at before the next launch: the apply is green."""
    data, words = BAD[mistake]
    name = mistake.replace(" ", "-")
    template = make_template(aws, name)
    group(aws, name, template, size=0)
    mistaken: Any = {"ImageId": IMAGE, "InstanceType": "t3.small", **data}
    aws.ec2.create_launch_template_version(LaunchTemplateId=template, LaunchTemplateData=mistaken)
    aws.untyped("autoscaling").update_auto_scaling_group(AutoScalingGroupName=name, MaxSize=1)
    aws.untyped("autoscaling").set_desired_capacity(AutoScalingGroupName=name, DesiredCapacity=1)
    (activity,) = activities(aws, name)
    assert activity["StatusCode"] == "Failed"
    assert words in activity["StatusMessage"]
    assert hosts(aws, name) == []


def test_what_no_template_shows_can_fail_launches_too(aws: Clients) -> None:
    fail_launches(aws.endpoint, REGION, NO_KEY)
    try:
        make_group(aws, "no-key")
    finally:
        fail_launches(aws.endpoint, REGION, "")
    (activity,) = activities(aws, "no-key")
    assert (activity["StatusCode"], hosts(aws, "no-key")) == ("Failed", [])
    assert activity["StatusMessage"].startswith("Client.InvalidKMSKey.InvalidState")
