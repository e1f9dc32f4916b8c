"""What is allowed in pipeline.toml, and yet may surprise: said once, in one line each."""

from collections.abc import Iterator

from modules.config.settings import Environment, MinimumHealthy, PipelineSettings

MOST_STAGES = 50


def warnings(pipeline: PipelineSettings) -> tuple[str, ...]:
    """One line for each thing that a team may not have meant."""
    return (*_stages(pipeline), *(line for each in pipeline.environments for line in _environment(each)))


def _stages(pipeline: PipelineSettings) -> Iterator[str]:
    stages = 2 + len(pipeline.environments)
    if stages > MOST_STAGES:
        yield (
            f"environments: with source and build, these {len(pipeline.environments)} make {stages} stages;"
            f" CodePipeline takes {MOST_STAGES}, and AWS will refuse the delivery stack"
        )


def _environment(environment: Environment) -> Iterator[str]:
    place = f"environments.{environment.name}"
    if environment.minimum_hosts == 1:
        yield (
            f"{place}.minimum_hosts = 1: with a single host every release interrupts the service;"
            " two keep it up"
        )
    elif _takes_all(environment):
        yield (
            f"{place}.deployment: takes every host out of service at once, so each release interrupts it;"
            ' "one_at_a_time" keeps it up'
        )
    if environment.zones == 4:
        yield f"{place}.zones = 4: most regions have three zones, and AWS refuses more than there are"


def _takes_all(environment: Environment) -> bool:
    """Whether a release leaves no host in service."""
    if isinstance(environment.deployment, MinimumHealthy):
        return 0 in (environment.deployment.hosts, environment.deployment.percent)
    return environment.deployment == "all_at_once"
