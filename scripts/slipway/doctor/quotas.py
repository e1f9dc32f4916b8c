"""The account's quotas that a first apply runs into: networks, elastic addresses, CPUs."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from modules.config.settings import Environment
from slipway.aws.clients import Aws
from slipway.aws.errors import code_of
from slipway.checkout.project import Project
from slipway.doctor.finding import Finding
from slipway.releases import groups

if TYPE_CHECKING:
    from mypy_boto3_ec2.type_defs import FilterTypeDef


@dataclass(frozen=True)
class Quota:
    """A quota: where AWS keeps it, how much of it is used, and how much an environment takes."""

    what: str
    service: str
    code: str
    used: Callable[[Aws], int]
    taken: Callable[[Aws, Sequence[Environment]], int]


def quotas(found: Project, aws: Aws) -> Iterator[Finding]:
    """Whether the environments that are not there yet still fit in."""
    names = [each.deployment_group for each in found.names.environments]
    there = groups.read(aws.codedeploy, found.names.application, names)
    coming = [
        settings
        for settings, each in zip(found.settings.environments, found.names.environments, strict=True)
        if each.deployment_group not in there
    ]
    if coming:
        yield from (_look(aws, quota, coming) for quota in QUOTAS)


def _look(aws: Aws, quota: Quota, coming: Sequence[Environment]) -> Finding:
    limit = _limit(aws, quota)
    if limit is None:
        return Finding(
            topic="quotas", state="later", what=f"{quota.what}: AWS does not say how many there may be"
        )
    used, taken = quota.used(aws), quota.taken(aws, coming)
    said = f"{quota.what}: {used} used and {taken} to come, of {limit}"
    if used + taken <= limit:
        return Finding(topic="quotas", state="ok", what=said)
    return Finding(
        topic="quotas",
        state="todo",
        what=f"{said}: too few",
        then="ask for more, which takes minutes to days: aws service-quotas request-service-quota-increase "
        f"--service-code {quota.service} --quota-code {quota.code} --desired-value {used + taken}",
    )


def _limit(aws: Aws, quota: Quota) -> int | None:
    try:
        answer = aws.service_quotas.get_service_quota(ServiceCode=quota.service, QuotaCode=quota.code)
    except ClientError as error:
        if code_of(error) == "NoSuchResourceException":
            return None
        raise
    return int(answer["Quota"]["Value"])


def _networks(aws: Aws) -> int:
    pages = aws.ec2.get_paginator("describe_vpcs").paginate()
    return sum(len(page["Vpcs"]) for page in pages)


def _addresses(aws: Aws) -> int:
    return len(aws.ec2.describe_addresses()["Addresses"])


def _gateways(_: Aws, coming: Sequence[Environment]) -> int:
    """Each NAT gateway has an address."""
    return sum(_zones(each) if each.nat == "per_zone" else 1 for each in coming)


def _zones(environment: Environment) -> int:
    zones = environment.zones
    return zones if isinstance(zones, int) else len(zones)


def _cpus_in_use(aws: Aws) -> int:
    running: list[FilterTypeDef] = [{"Name": "instance-state-name", "Values": ["pending", "running"]}]
    pages = aws.ec2.get_paginator("describe_instances").paginate(Filters=running)
    return sum(
        instance.get("CpuOptions", {}).get("CoreCount", 1)
        * instance.get("CpuOptions", {}).get("ThreadsPerCore", 1)
        for page in pages
        for reservation in page["Reservations"]
        for instance in reservation["Instances"]
    )


def _cpus(aws: Aws, coming: Sequence[Environment]) -> int:
    types = sorted({each.instance_type for each in coming})
    pages = aws.ec2.get_paginator("describe_instance_types").paginate(
        Filters=[{"Name": "instance-type", "Values": types}]
    )
    cpus: dict[str, int] = {
        each["InstanceType"]: each["VCpuInfo"]["DefaultVCpus"]
        for page in pages
        for each in page["InstanceTypes"]
    }
    return sum(each.maximum_hosts * cpus.get(each.instance_type, 0) for each in coming)


QUOTAS = (
    Quota("networks (VPCs)", "vpc", "L-F678F1CE", _networks, lambda _, coming: len(coming)),
    Quota("elastic addresses", "ec2", "L-0263D0A3", _addresses, _gateways),
    Quota("CPUs of standard instances", "ec2", "L-1216C47A", _cpus_in_use, _cpus),
)
