"""Checks on a platform: an environment whose network and load balancer another one shares."""

from collections.abc import Callable, Iterator

from modules.config.problems import Finding
from modules.config.rules import nearest
from modules.config.settings import Environment, PipelineSettings


def _refused(key: str, why: str) -> Callable[[PipelineSettings, Environment], Iterator[Finding]]:
    """A check that a key is not set beside a platform."""

    def check(_: PipelineSettings, environment: Environment) -> Iterator[Finding]:
        if environment.platform and getattr(environment, key):
            yield (key,), f"cannot be used with platform, {why}"

    return check


def _zones(_: PipelineSettings, environment: Environment) -> Iterator[Finding]:
    if environment.platform and isinstance(environment.zones, tuple):
        yield ("zones",), "must be a number, as many as the platform has: its subnets decide the zones"


def _platform(pipeline: PipelineSettings, environment: Environment) -> Iterator[Finding]:
    if own := pipeline.own_platform(environment):
        yield from _own_platform(pipeline, environment, own)
        return
    name = (environment.platform or "").removeprefix(f"{pipeline.service}-")
    # With a hyphen, it may be of a service whose name begins with this one's.
    if name and name != environment.platform and "-" not in name:
        guess = nearest(name, [other for other in _names(pipeline) if other != environment.name])
        hint = f"; did you mean {pipeline.service}-{guess}?" if guess else ""
        yield ("platform",), f"{pipeline.service} has no environment {name}{hint}"


def _own_platform(
    pipeline: PipelineSettings, environment: Environment, own: Environment
) -> Iterator[Finding]:
    """Mistakes in a platform that is an environment of the same service."""
    order = _names(pipeline)
    if order.index(own.name) >= order.index(environment.name):
        yield ("platform",), "must be of another service, or an environment that is listed before this one"
    elif own.platform:
        yield ("platform",), f"must be an environment without a platform; {own.name} has {own.platform}"
    elif own.network or own.load_balancer:
        key = "network" if own.network else "load_balancer"
        yield (
            ("platform",),
            f"must be an environment that creates both; {own.name} has {key}: name what exists here, too",
        )
    elif own.plain_http:
        yield ("platform",), f"must be an environment with HTTPS; {own.name} has plain_http"
    elif own.endpoints:
        yield (
            ("platform",),
            f"must be an environment with a NAT gateway; {own.name} has endpoints, for its own hosts only",
        )
    elif not isinstance(environment.zones, tuple) and environment.zones != own.zone_count:
        yield ("zones",), f"must be {own.zone_count}, as many as {own.name} has: its subnets decide the zones"


def _names(pipeline: PipelineSettings) -> list[str]:
    """The names of the environments; in a draft, "" for one whose name is wrong."""
    return [getattr(one, "name", "") for one in pipeline.environments]


ENVIRONMENT: tuple[Callable[[PipelineSettings, Environment], Iterator[Finding]], ...] = (
    _refused("network", "which has a network: remove one of them"),
    _refused("endpoints", "whose endpoints let in its own hosts only: remove it"),
    _zones,
    _platform,
)
