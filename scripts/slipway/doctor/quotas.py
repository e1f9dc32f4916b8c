"""The account's quotas that a first apply or build runs into: networks, addresses, CPUs, builds."""

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
    """A quota: where AWS keeps it, how much of it is used, and how much an environment takes."""

    what: str
    service: str
    code: str
    used: Callable[[Aws], int]
    taken: Callable[[Aws, Sequence[Environment]], int]


def room(found: Project, aws: Aws) -> Iterator[Check]:
    """Whether the environments that are not there yet still fit in."""
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
        return later("quotas", f"{quota.what}: AWS does not say how many there may be")
    used, taken = quota.used(aws), quota.taken(aws, coming)
    said = f"{quota.what}: {used} used and {taken} to come, of {limit}"
    if used + taken <= limit:
        return ok("quotas", said)
    return todo("quotas", f"{said}: too few", then=quotas.more(quota.service, quota.code, used + taken))


def rules(found: Project, aws: Aws) -> Iterator[Check]:
    """Whether a load balancer's security group may hold a rule for each range, where there are many."""
    most = max(traffic.rules(environment) for environment in found.settings.environments)
    if most <= traffic.USUAL_RULES:
        return
    limit = quotas.quota(aws, "vpc", RULES)
    said = f"rules of a security group: {most} to come, of {limit}"
    if limit is None:
        yield later("quotas", f"rules of a security group: {most} to come; AWS does not say how many may be")
    elif most > limit:
        asking = quotas.more("vpc", RULES, most)
        yield todo("quotas", f"{said}: too few", then=f"name fewer ranges in allowed_cidrs, or {asking}")
    else:
        yield ok("quotas", said)


def builds(found: Project, aws: Aws) -> Iterator[Check]:
    """Whether CodeBuild may run a build at all: new accounts often start without any."""
    architecture = found.settings.app.architecture
    kind, code = quotas.BUILDS[architecture]
    limit = quotas.quota(aws, "codebuild", code)
    what = f"builds at the same time ({kind})"
    state = pipeline_state(aws, found.names.delivery_pipeline)
    refused = next((stage.error for stage in _stages(state) if quotas.refuses_builds(stage.error)), "")
    if refused:
        # What Service Quotas says may be more than what is applied.
        said = "" if limit is None else f"; Service Quotas says {limit}"
        yield todo(
            "quotas", f"{what}: AWS refused one{said}", why=refused, then=quotas.more_builds(architecture)
        )
    elif limit is None:
        yield later("quotas", f"{what}: AWS does not say how many there may be")
    elif limit < 1:
        yield todo(
            "quotas",
            f"{what}: none, so that nothing can be released",
            why="new accounts often start with none",
            then=quotas.more_builds(architecture),
        )
    else:
        yield ok(
            "quotas", f"{what}: {limit}, by Service Quotas; a new account may have fewer until a first build"
        )


def _stages(state: PipelineState | None) -> Iterable[StageState]:
    return state.stages.values() if state else ()


def _gateways(_: Aws, coming: Sequence[Environment]) -> int:
    """Each NAT gateway has an address."""
    return sum(each.zone_count if each.nat == "per_zone" else 1 for each in coming)


def _cpus(aws: Aws, coming: Sequence[Environment]) -> int:
    cpus = quotas.cpus_of(aws, sorted({each.instance_type for each in coming}))
    return sum(each.maximum_hosts * cpus.get(each.instance_type, 0) for each in coming)


QUOTAS = (
    Quota("networks (VPCs)", "vpc", "L-F678F1CE", quotas.networks, lambda _, coming: len(coming)),
    Quota("elastic addresses", "ec2", "L-0263D0A3", quotas.addresses, _gateways),
    Quota("CPUs of standard instances", "ec2", "L-1216C47A", quotas.running_cpus, _cpus),
)
