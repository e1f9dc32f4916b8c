"""Warnings: settings in pipeline.toml that are valid, but may have an unexpected effect."""

import re
from collections.abc import Iterator

from modules.config import known
from modules.config.checks.traffic import USUAL_RULES, rules
from modules.config.settings import Environment, MinimumHealthy, PipelineSettings

MOST_STAGES = 50
MOST_WATCHED = 60
"""How long watching all hosts of a release may take without a warning, in minutes."""
ASK = "check with slipway doctor"
TELLING_KEY = re.compile(
    r"(^|[^a-z])(password|passwd|passphrase|secret|token|credentials?|(api|access|private)[^a-z]?key)([^a-z]|$)",
    re.IGNORECASE,
)
TELLING_VALUE = re.compile(
    r"-----BEGIN|(AKIA|ASIA)[A-Z0-9]{16}|gh[pousr]_[A-Za-z0-9]{20}|github_pat_|glpat-|xox[abp]-|[sr]k_live_"
    r"|eyJ[A-Za-z0-9_-]{10,}\.|://[^/\s:@]+:[^/\s@]+@|^(?=.*[A-Z])(?=.*[a-z])(?=.*[0-9])[A-Za-z0-9/+=]{40}$"
)


def warnings(pipeline: PipelineSettings) -> tuple[str, ...]:
    """Return the warnings about ``pipeline``, one line each."""
    return (
        *_services(pipeline),
        *_stages(pipeline),
        *_tags(pipeline),
        *(line for environment in pipeline.environments for line in _environment(environment)),
        *(line for environment in pipeline.environments for line in _unknown(pipeline.region, environment)),
    )


def _services(pipeline: PipelineSettings) -> Iterator[str]:
    absent = known.absent(pipeline.region)
    if pipeline.source.s3 is not None:
        absent = tuple(service for service in absent if service != "CodeConnections")
    if absent:
        yield f'region = "{pipeline.region}": {", ".join(absent)} may not be available there yet; {ASK}'


def _tags(pipeline: PipelineSettings) -> Iterator[str]:
    for key, value in pipeline.tags.items():
        if value and (TELLING_KEY.search(_words(key)) or TELLING_VALUE.search(value)):
            yield (
                f"tags.{key}: looks like a secret, but everyone who may read the resource sees its tags;"
                " store secrets with slipway config set"
            )


def _words(key: str) -> str:
    """Return ``key`` with a hyphen between the words of camelCase."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", key)


def _unknown(region: str, environment: Environment) -> Iterator[str]:
    """Warnings about values that AWS may accept although they are not known, or exceed default quotas."""
    place = f"environments.{environment.name}"
    if environment.instance_type not in known.instance_types():
        yield (
            f'{place}.instance_type = "{environment.instance_type}": is not a known instance type;'
            f" it may be newer than this version of Slipway; {ASK}"
        )
    zones, most = environment.zones, known.zones(region)
    if isinstance(zones, int):
        if zones > most:
            yield f"{place}.zones = {zones}: {region} is known to have {most} zones; {ASK}"
    elif unknown := [zone for zone in zones if zone[-1] not in known.zone_letters(region)]:
        yield f"{place}.zones: {', '.join(unknown)}: is not a known zone; {ASK}"
    if (count := rules(environment)) > USUAL_RULES:
        yield (
            f"{place}.allowed_cidrs: these {len(environment.allowed_cidrs)} ranges need {count} rules of the"
            f" load balancer's security group; AWS allows {USUAL_RULES} unless the quota is raised; {ASK}"
        )


def _stages(pipeline: PipelineSettings) -> Iterator[str]:
    stages = 2 + len(pipeline.environments)
    if stages > MOST_STAGES:
        yield (
            f"environments: with source and build, these {len(pipeline.environments)} make {stages} stages;"
            f" CodePipeline allows {MOST_STAGES}, so AWS will refuse the delivery stack"
        )


def _environment(environment: Environment) -> Iterator[str]:
    place = f"environments.{environment.name}"
    if environment.minimum_hosts == 1:
        yield (
            f"{place}.minimum_hosts = 1: with a single host every release interrupts the service;"
            " use at least 2"
        )
    elif _takes_all(environment):
        yield (
            f"{place}.deployment: takes all hosts out of service at once, so every release interrupts it;"
            ' use "one_at_a_time" to avoid that'
        )
    minutes = environment.watch_minutes * environment.maximum_hosts
    if environment.deployment == "one_at_a_time" and minutes > MOST_WATCHED:
        yield (
            f"{place}.watch_minutes = {environment.watch_minutes}: a release to"
            f" {environment.maximum_hosts} hosts, one at a time, is watched for {minutes} minutes in total;"
            f" to stay below {MOST_WATCHED}, watch for fewer minutes, or deploy to more hosts at a time"
        )


def _takes_all(environment: Environment) -> bool:
    """Whether a release leaves no host in service."""
    if isinstance(environment.deployment, MinimumHealthy):
        return 0 in (environment.deployment.hosts, environment.deployment.percent)
    return environment.deployment == "all_at_once"
