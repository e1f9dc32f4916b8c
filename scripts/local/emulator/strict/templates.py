"""Checks launch templates as EC2 does on a launch.

CreateLaunchTemplate accepts nearly anything ("validation is performed when you launch an instance":
AWSEC2/latest/UserGuide, create-launch-template). Auto Scaling checks with a trial launch when a group is
created (hashicorp/terraform-provider-aws, internal/service/ec2/ec2_launch_template_test: "Creating an
AutoScaling Group verifies the launch template"), and EC2 checks again for each instance.
"""

import re
from collections.abc import Iterator
from hashlib import sha256
from typing import Any  # a template's data is JSON

from moto.ec2.models.instance_types import INSTANCE_TYPE_OFFERINGS, INSTANCE_TYPES

from local.emulator.strict.region import EmulatedRegion

PARAMETER = re.compile(
    r"resolve:ssm:/aws/service/ami-amazon-linux-latest/"
    r"al2023-ami-(?:minimal-)?kernel-(?:default|6\.1|6\.12)-(?P<architecture>x86_64|arm64)"
)
"""AWS's public parameters for images of Amazon Linux 2023 (linux/al2023/ug, ec2)."""


def problems(region: EmulatedRegion, data: dict[str, Any]) -> Iterator[str]:
    """The problems of a template's data, in EC2's words."""
    image, kind = data.get("ImageId"), data.get("InstanceType", "")
    if not image:
        yield "The request must contain the parameter ImageId"
    elif not (architecture := _architecture(region, image)):
        yield f"The image id '[{image}]' does not exist"
    elif kind in INSTANCE_TYPES:
        supported = INSTANCE_TYPES[kind]["ProcessorInfo"]["SupportedArchitectures"]
        if architecture not in supported:
            yield (
                f"The architecture '{supported[0]}' of the specified instance type does not match the "
                f"architecture '{architecture}' of the specified AMI."
            )
    profile = data.get("IamInstanceProfile") or {}
    if (named := profile.get("Name") or profile.get("Arn")) and not region.profile(named):
        yield (
            f"Value ({named}) for parameter iamInstanceProfile.name is invalid. "
            "Invalid IAM Instance Profile name"
        )
    groups = [*data.get("SecurityGroupIds", [])]
    for interface in data.get("NetworkInterfaces", []):
        groups += interface.get("Groups", [])
    for group in groups:
        if not region.security_group(group):
            yield f"The security group '{group}' does not exist"


def not_in_zone(region: EmulatedRegion, kind: str, zone: str) -> str:
    """EC2's message if a zone does not offer the instance type; "" if it does or the type is unknown."""
    offered = INSTANCE_TYPE_OFFERINGS["availability-zone"].get(region.name, [])
    if kind not in INSTANCE_TYPES or any(
        (offer["InstanceType"], offer["Location"]) == (kind, zone) for offer in offered
    ):
        return ""
    return f"Your requested instance type ({kind}) is not supported in your requested zone ({zone})."


def resolved(image: str) -> str:
    """The image's id; for a parameter, an id derived from its name."""
    if not PARAMETER.fullmatch(image):
        return image
    return f"ami-{sha256(image.encode()).hexdigest()[:17]}"


def architecture_of(image: str) -> str:
    """The architecture in the name of AWS's parameter; "" for any other image."""
    found = PARAMETER.fullmatch(image)
    return found["architecture"] if found else ""


def _architecture(region: EmulatedRegion, image: str) -> str:
    """An image's architecture; "" if the image does not exist."""
    if found := architecture_of(image):
        return found
    known = region.ec2.amis.get(image)
    return str(known.architecture) if known else ""
