"""Reads Service Quotas, and how much of a quota the account uses."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from slipway.aws.clients import Aws
from slipway.aws.errors import AwsError
from slipway.console.shell import command_line

if TYPE_CHECKING:
    from mypy_boto3_ec2.type_defs import FilterTypeDef


BUILDS = {"x86_64": ("Linux/Small", "L-9D07B6EF"), "arm64": ("ARM/Small", "L-5ED1D25B")}
"""By architecture: the build environment in Service Quotas, and its quota of concurrent builds."""


def more(service: str, code: str, wanted: int) -> str:
    """How to request a larger quota, as a command. wanted: the new value."""
    request = command_line(
        *("aws", "service-quotas", "request-service-quota-increase", "--service-code", service),
        *("--quota-code", code, "--desired-value", wanted),
    )
    return f"request more, which takes minutes to days: {request}"


def more_builds(architecture: str) -> str:
    """How to request a larger quota of concurrent builds, in an account that has too few."""
    _, code = BUILDS[architecture]
    return more("codebuild", code, 2)


def refuses_builds(error: str) -> bool:
    """Whether CodePipeline's error means that the account's quota allows no more concurrent builds."""
    return "AccountLimitExceededException" in error


def quota(aws: Aws, service: str, code: str) -> int | None:
    """The value of a quota; None if Service Quotas does not list it."""
    try:
        answer = aws.service_quotas.get_service_quota(ServiceCode=service, QuotaCode=code)
    except AwsError as error:
        if error.code == "NoSuchResourceException":
            return None
        raise
    return int(answer["Quota"]["Value"])


def networks(aws: Aws) -> int:
    """How many VPCs the region has."""
    pages = aws.ec2.get_paginator("describe_vpcs").paginate()
    return sum(len(page["Vpcs"]) for page in pages)


def addresses(aws: Aws) -> int:
    """How many Elastic IP addresses the region has."""
    return len(aws.ec2.describe_addresses()["Addresses"])


def running_cpus(aws: Aws) -> int:
    """How many vCPUs the pending and running instances have in total."""
    running: list[FilterTypeDef] = [{"Name": "instance-state-name", "Values": ["pending", "running"]}]
    pages = aws.ec2.get_paginator("describe_instances").paginate(Filters=running)
    return sum(
        instance.get("CpuOptions", {}).get("CoreCount", 1)
        * instance.get("CpuOptions", {}).get("ThreadsPerCore", 1)
        for page in pages
        for reservation in page["Reservations"]
        for instance in reservation["Instances"]
    )


def cpus_of(aws: Aws, instance_types: Sequence[str]) -> dict[str, int]:
    """The number of vCPUs by instance type."""
    pages = aws.ec2.get_paginator("describe_instance_types").paginate(
        Filters=[{"Name": "instance-type", "Values": list(instance_types)}]
    )
    return {
        instance_type_["InstanceType"]: instance_type_["VCpuInfo"]["DefaultVCpus"]
        for page in pages
        for instance_type_ in page["InstanceTypes"]
    }
