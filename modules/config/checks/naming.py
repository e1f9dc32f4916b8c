"""Checks on names: within AWS's limits, and no name used twice."""

from collections.abc import Callable, Iterator

from modules.config.names import Limited, Names
from modules.config.problems import Finding
from modules.config.settings import Environment, PipelineSettings


def too_long(limited: Iterator[Limited], shorten: str) -> str | None:
    """Return a message about the name that exceeds its limit by most; None if no name does.

    shorten: what must be shortened.
    """
    worst = max(limited, key=lambda candidate: len(candidate.name) - candidate.limit, default=None)
    if worst is None or len(worst.name) <= worst.limit:
        return None
    return (
        f"makes the {worst.what}'s name {len(worst.name)} characters long, but AWS allows {worst.limit}"
        f' ("{worst.name}"): shorten {shorten} by {len(worst.name) - worst.limit}'
    )


def _service(pipeline: PipelineSettings) -> Iterator[Finding]:
    if message := too_long(Names.of(pipeline).shared_limited(), "it"):
        yield ("service",), message


def _state_bucket(pipeline: PipelineSettings) -> Iterator[Finding]:
    names = Names.of(pipeline)
    taken = {names.artifact_bucket: "the artifact bucket"}
    taken |= {
        environment.load_balancer_log_bucket: "a load balancer's log bucket"
        for environment in names.environments
    }
    if pipeline.state_bucket in taken:
        yield ("state_bucket",), f"is the name of {taken[pipeline.state_bucket]}: choose another"


def _source_bucket(pipeline: PipelineSettings) -> Iterator[Finding]:
    bucket = pipeline.source.s3 and pipeline.source.s3.bucket
    names = Names.of(pipeline)
    if bucket == names.artifact_bucket:
        yield ("source", "s3", "bucket"), "is the artifact bucket, which is the default: remove the key"
    elif bucket == names.state_bucket:
        yield ("source", "s3", "bucket"), "is the bucket of Terraform's state: choose another"


def _environment(pipeline: PipelineSettings, environment: Environment) -> Iterator[Finding]:
    names = Names.of(pipeline)
    if too_long(names.shared_limited(), "it"):
        return  # already reported for the service
    limited = names.environment(environment).limited()
    if message := too_long(limited, "it or the service's name"):
        yield ("name",), message


def _same_name(one: Environment, other: Environment, called: str) -> Iterator[Finding]:
    if one.name == other.name:
        yield ("name",), f"is already the name of {called}: choose another name"


PIPELINE: tuple[Callable[[PipelineSettings], Iterator[Finding]], ...] = (
    _service,
    _state_bucket,
    _source_bucket,
)
ENVIRONMENT: tuple[Callable[[PipelineSettings, Environment], Iterator[Finding]], ...] = (_environment,)
NEIGHBOURS: tuple[Callable[[Environment, Environment, str], Iterator[Finding]], ...] = (_same_name,)
