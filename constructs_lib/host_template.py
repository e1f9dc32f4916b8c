"""The launch template of hosts: AMI, instance type, disk, metadata options and user data."""

import json
from collections.abc import Mapping
from typing import Literal

from cdktf import Token
from cdktf_cdktf_provider_aws.launch_template import (
    LaunchTemplate,
    LaunchTemplateBlockDeviceMappings,
    LaunchTemplateBlockDeviceMappingsEbs,
    LaunchTemplateIamInstanceProfile,
    LaunchTemplateMetadataOptions,
    LaunchTemplateMonitoring,
    LaunchTemplateNetworkInterfaces,
    LaunchTemplateTagSpecifications,
)
from constructs import Construct

IMAGE = "resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-"
"""EC2 resolves the newest AMI at every launch; a data source would show drift with every new AMI
(docs.aws.amazon.com/linux/al2023/ug/ec2.html)."""


class HostTemplate(Construct):
    """A launch template for Amazon Linux 2023 instances without public address or SSH key, with IMDSv2.

    name: 3 to 128 characters.
    architecture: selects the AMI; must match the instance type.
    user_data: a script for cloud-init, at most 16 KB; see ``user_data.user_data``. It stays readable in
        the synthesised stack; Terraform encodes it in base64.
    tags: on instances and their volumes.
    instance_type: such as ``t4g.small``.
    instance_profile_arn: the instance profile with the instance's role.
    security_group_id: the security group of the instance.
    aws_access: whether containers may use the instance's role. Default: no; the hop limit of metadata
        responses is then 1, so that they reach the host but no container
        (docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-options.html).
    root_volume_gib: the size of the root volume in GiB. It is gp3, encrypted with AWS's own key: a
        customer managed key would need a grant for Auto Scaling. Default: 30.
    detailed_monitoring: whether EC2 reports CPU every minute, which costs extra, instead of every five
        minutes. Default: yes, so that Auto Scaling reacts within minutes.

    >>> template = HostTemplate(stack, "template", name="my-app", architecture="x86_64",
    ...     instance_type="t3.small", instance_profile_arn="arn:aws:iam::123456789012:instance-profile/host",
    ...     security_group_id="sg-1", user_data="#!/bin/bash", tags={"service": "my-app"})
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        name: str,
        architecture: Literal["x86_64", "arm64"],
        instance_type: str,
        instance_profile_arn: str,
        security_group_id: str,
        user_data: str,
        tags: Mapping[str, str],
        aws_access: bool = False,
        root_volume_gib: int = 30,
        detailed_monitoring: bool = True,
    ) -> None:
        super().__init__(scope, id)
        self.resource = LaunchTemplate(
            self,
            "launch-template",
            name=name,
            update_default_version=True,
            image_id=IMAGE + architecture,
            instance_type=instance_type,
            user_data=base64encode(user_data),
            iam_instance_profile=LaunchTemplateIamInstanceProfile(arn=instance_profile_arn),
            metadata_options=_metadata(hops=2 if aws_access else 1),
            monitoring=LaunchTemplateMonitoring(enabled=detailed_monitoring),
            network_interfaces=[_private_interface(security_group_id)],
            block_device_mappings=[_root_volume(root_volume_gib)],
            tag_specifications=[
                LaunchTemplateTagSpecifications(resource_type=resource_type, tags=dict(tags))
                for resource_type in ("instance", "volume")
            ],
        )
        self.id = self.resource.id
        self.latest_version = Token.as_string(self.resource.latest_version)


def base64encode(text: str) -> str:
    """Return a Terraform expression that encodes ``text`` in base64, without interpolating anything in it."""
    literal = json.dumps(text, ensure_ascii=False).replace("${", "$${").replace("%{", "%%{")
    return f"${{base64encode({literal})}}"


def _metadata(hops: int) -> LaunchTemplateMetadataOptions:
    return LaunchTemplateMetadataOptions(
        http_endpoint="enabled",
        http_tokens="required",
        http_put_response_hop_limit=hops,
        instance_metadata_tags="disabled",
    )


def _private_interface(security_group_id: str) -> LaunchTemplateNetworkInterfaces:
    return LaunchTemplateNetworkInterfaces(
        device_index=0,
        associate_public_ip_address="false",
        delete_on_termination="true",
        security_groups=[security_group_id],
    )


def _root_volume(size_gib: int) -> LaunchTemplateBlockDeviceMappings:
    return LaunchTemplateBlockDeviceMappings(
        device_name="/dev/xvda",
        ebs=LaunchTemplateBlockDeviceMappingsEbs(
            volume_type="gp3", volume_size=size_gib, encrypted="true", delete_on_termination="true"
        ),
    )
