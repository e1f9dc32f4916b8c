"""Checks of the quotas that a first apply or build needs: VPCs, addresses, vCPUs, rules, builds."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from modules.config.checks import traffic
from modules.config.settings import Environment
from slipway.aws import codedeploy, quotas
from slipway.aws.clients import Aws
from slipway.aws.codepipeline import PipelineState, StageState, pipeline_state
from slipway.checkout.project import Project
from slipway.doctor.check import Check, later, ok, todo

RULES = "L-0EA8095F"  # inbound or outbound rules per security group


@dataclass(frozen=True)
class Quota:
    """A quota. service, code: in Service Quotas.

    used: how much is used. taken: how much environments need.
    """

    what: str
    service: str
    code: str
    used: Callable[[Aws], int]
    taken: Callable[[Aws, Sequence[Environment]], int]


def room(found: Project, aws: Aws) -> Iterator[Check]:
    """Check that the quotas suffice for the environments that do not exist yet."""
    names = [environment.deployment_group for environment in found.names.environments]
    there = codedeploy.deployment_groups(aws, found.names.application, names)
    coming = [
        settings
        for settings, environment in zip(found.settings.environments, found.names.environments, strict=True)
        if environment.deployment_group not in there
    ]
    if coming:
        yield from (_look(aws, quota, coming) for quota in QUOTAS)


def _look(aws: Aws, quota: Quota, coming: Sequence[Environment]) -> Check:
    limit = quotas.quota(aws, quota.service, quota.code)
    if limit is None:
        return later("quotas", f"{quota.what}: Service Quotas lists no limit")
    used, taken = quota.used(aws), quota.taken(aws, coming)
    said = f"{quota.what}: {used} used, {taken} more needed, limit {limit}"
    if used + taken <= limit:
        return ok("quotas", said)
    return todo("quotas", f"{said}: too few", then=quotas.more(quota.service, quota.code, used + taken))


def rules(found: Project, aws: Aws) -> Iterator[Check]:
    """Check that a security group can have a rule for each range of allowed_cidrs, if there are many."""
    most = max(traffic.rules(environment) for environment in found.settings.environments)
    if most <= traffic.USUAL_RULES:
        return
    limit = quotas.quota(aws, "vpc", RULES)
    said = f"rules of a security group: {most} needed, limit {limit}"
    if limit is None:
        yield later("quotas", f"rules of a security group: {most} needed; Service Quotas lists no limit")
    elif most > limit:
        asking = quotas.more("vpc", RULES, most)
        yield todo("quotas", f"{said}: too few", then=f"use fewer ranges in allowed_cidrs, or {asking}")
    else:
        yield ok("quotas", said)


def builds(found: Project, aws: Aws) -> Iterator[Check]:
    """Check that CodeBuild may run a build: the quota of new accounts is often 0."""
    architecture = found.settings.app.architecture
    kind, code = quotas.BUILDS[architecture]
    limit = quotas.quota(aws, "codebuild", code)
    what = f"builds at the same time ({kind})"
    state = pipeline_state(aws, found.names.delivery_pipeline)
    refused = next((stage.error for stage in _stages(state) if quotas.refuses_builds(stage.error)), "")
    if refused:
        # The value in Service Quotas may be higher than the one that applies.
        said = "" if limit is None else f"; Service Quotas says {limit}"
        yield todo(
            "quotas", f"{what}: AWS refused one{said}", why=refused, then=quotas.more_builds(architecture)
        )
    elif limit is None:
        yield later("quotas", f"{what}: Service Quotas lists no limit")
    elif limit < 1:
        yield todo(
            "quotas",
            f"{what}: limit 0, so that nothing can be built",
            why="new accounts often start with 0",
            then=quotas.more_builds(architecture),
        )
    else:
        yield ok(
            "quotas", f"{what}: {limit} in Service Quotas; a new account may have less until its first build"
        )


def _stages(state: PipelineState | None) -> Iterable[StageState]:
    return state.stages.values() if state else ()


def _gateways(_: Aws, coming: Sequence[Environment]) -> int:
    """One address for each NAT gateway; there is none in a network that exists, or has endpoints."""
    created = (one for one in coming if one.existing_network is None and not one.makes_endpoints)
    return sum(settings.zone_count if settings.nat == "per_zone" else 1 for settings in created)


def _networks(_: Aws, coming: Sequence[Environment]) -> int:
    return sum(settings.existing_network is None for settings in coming)


def _cpus(aws: Aws, coming: Sequence[Environment]) -> int:
    cpus = quotas.cpus_of(aws, sorted({settings.instance_type for settings in coming}))
    return sum(settings.maximum_hosts * cpus.get(settings.instance_type, 0) for settings in coming)


QUOTAS = (
    Quota("VPCs", "vpc", "L-F678F1CE", quotas.networks, _networks),
    Quota("Elastic IP addresses", "ec2", "L-0263D0A3", quotas.addresses, _gateways),
    Quota("vCPUs of standard instances", "ec2", "L-1216C47A", quotas.running_cpus, _cpus),
)
