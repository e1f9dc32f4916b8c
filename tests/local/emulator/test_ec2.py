"""Gap: launch templates read back as made and launch from every version; detailed monitoring."""

from tests.local.emulator.clients import Clients
from tests.local.emulator.hosts import IMAGE, hosts, make_group, make_template, user_data


def test_a_templates_own_tags_are_no_part_of_its_versions(beyond_moto: Clients) -> None:
    template = make_template(beyond_moto, "tagged")
    (version,) = beyond_moto.ec2.describe_launch_template_versions(LaunchTemplateId=template)[
        "LaunchTemplateVersions"
    ]
    specifications = version["LaunchTemplateData"]["TagSpecifications"]
    assert [specification["ResourceType"] for specification in specifications] == ["instance"]


def test_a_templates_own_tags_are_on_the_template(aws: Clients) -> None:
    template = make_template(aws, "own-tags")
    (found,) = aws.ec2.describe_launch_templates(LaunchTemplateIds=[template])["LaunchTemplates"]
    assert found["Tags"] == [{"Key": "own", "Value": "tag"}]


def test_a_group_launches_from_a_templates_second_version(beyond_moto: Clients) -> None:
    template = make_group(beyond_moto, "versioned")
    beyond_moto.ec2.create_launch_template_version(
        LaunchTemplateId=template,
        LaunchTemplateData={"ImageId": IMAGE, "InstanceType": "t3.small", "UserData": user_data("second")},
    )
    beyond_moto.untyped("autoscaling").update_auto_scaling_group(
        AutoScalingGroupName="versioned",
        LaunchTemplate={"LaunchTemplateId": template, "Version": "2"},
        DesiredCapacity=2,
    )
    assert len(hosts(beyond_moto, "versioned")) == 2


def test_detailed_monitoring_is_switched_on(beyond_moto: Clients) -> None:
    make_group(beyond_moto, "monitored")
    (instance,) = hosts(beyond_moto, "monitored")
    beyond_moto.ec2.monitor_instances(InstanceIds=[instance])
    assert monitoring(beyond_moto, instance) == "enabled"


def test_detailed_monitoring_is_switched_off(beyond_moto: Clients) -> None:
    make_group(beyond_moto, "unmonitored")
    (instance,) = hosts(beyond_moto, "unmonitored")
    beyond_moto.ec2.unmonitor_instances(InstanceIds=[instance])
    assert monitoring(beyond_moto, instance) == "disabled"


def monitoring(aws: Clients, instance: str) -> str:
    (reservation,) = aws.ec2.describe_instances(InstanceIds=[instance])["Reservations"]
    return reservation["Instances"][0]["Monitoring"]["State"]
