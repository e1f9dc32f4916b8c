"""Launch templates and Auto Scaling groups for tests."""

import base64

from tests.local.emulator.clients import REGION, Clients

IMAGE = "resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64"


def make_template(aws: Clients, name: str) -> str:
    """A launch template with tags of its own and for its instances; its id."""
    made = aws.ec2.create_launch_template(
        LaunchTemplateName=name,
        LaunchTemplateData={
            "ImageId": IMAGE,
            "InstanceType": "t3.small",
            "UserData": user_data("first"),
            "TagSpecifications": [{"ResourceType": "instance", "Tags": [{"Key": "Name", "Value": name}]}],
        },
        TagSpecifications=[{"ResourceType": "launch-template", "Tags": [{"Key": "own", "Value": "tag"}]}],
    )
    return made["LaunchTemplate"]["LaunchTemplateId"]


def make_group(aws: Clients, name: str) -> str:
    """An Auto Scaling group of one host, with a template of its name; the template's id."""
    template = make_template(aws, name)
    aws.untyped("autoscaling").create_auto_scaling_group(
        AutoScalingGroupName=name,
        MinSize=1,
        MaxSize=3,
        AvailabilityZones=[f"{REGION}a"],
        LaunchTemplate={"LaunchTemplateId": template, "Version": "1"},
    )
    return template


def hosts(aws: Clients, group: str) -> list[str]:
    """The ids of the group's instances."""
    found = aws.untyped("autoscaling").describe_auto_scaling_groups(AutoScalingGroupNames=[group])
    return [instance["InstanceId"] for instance in found["AutoScalingGroups"][0]["Instances"]]


def user_data(text: str) -> str:
    """As the API takes it."""
    return base64.b64encode(text.encode()).decode()
