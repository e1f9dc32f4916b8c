"""Checks on the hosts: their type, their number, and how a release is deployed to them."""

import math
from collections.abc import Callable, Iterator

from modules.config.problems import Finding
from modules.config.settings import Environment, MinimumHealthy, PipelineSettings
from modules.config.values import DEFAULT_INSTANCE_TYPES, architecture_of


def _instance_type(pipeline: PipelineSettings, environment: Environment) -> Iterator[Finding]:
    if "instance_type" not in environment.model_fields_set:
        return
    has, wants = architecture_of(environment.instance_type), pipeline.app.architecture
    if has != wants:
        kind = "Graviton" if has == "arm64" else "Intel or AMD"
        yield (
            ("instance_type",),
            (
                f"has the architecture {has} ({kind}), but app.architecture is {wants}:"
                f' use for example "{DEFAULT_INSTANCE_TYPES[wants]}", or change app.architecture'
            ),
        )


def _minimum_and_maximum(_: PipelineSettings, environment: Environment) -> Iterator[Finding]:
    if environment.minimum_hosts > environment.maximum_hosts:
        yield (
            ("minimum_hosts",),
            f"must not be more than maximum_hosts, which is {environment.maximum_hosts}",
        )


def _desired(_: PipelineSettings, environment: Environment) -> Iterator[Finding]:
    least, desired, most = environment.minimum_hosts, environment.desired_hosts, environment.maximum_hosts
    if desired is not None and least <= most and not least <= desired <= most:
        yield ("desired_hosts",), f"must be between minimum_hosts and maximum_hosts: {least} to {most}"


def _healthy(_: PipelineSettings, environment: Environment) -> Iterator[Finding]:
    healthy = environment.deployment
    if isinstance(healthy, MinimumHealthy) and (healthy.hosts is None) == (healthy.percent is None):
        yield ("deployment",), "must have either hosts or percent: how many hosts stay in service"


def _healthy_hosts(_: PipelineSettings, environment: Environment) -> Iterator[Finding]:
    healthy, least = environment.deployment, environment.minimum_hosts
    if isinstance(healthy, MinimumHealthy) and healthy.hosts is not None and healthy.hosts >= least:
        yield (
            ("deployment", "hosts"),
            f"must be fewer than minimum_hosts, which is {least}: no host could be taken out of service",
        )


def _healthy_percent(_: PipelineSettings, environment: Environment) -> Iterator[Finding]:
    healthy, least = environment.deployment, environment.minimum_hosts
    percent = healthy.percent if isinstance(healthy, MinimumHealthy) else None
    if percent is not None and math.ceil(percent * least / 100) >= least:
        yield (
            ("deployment", "percent"),
            (
                f"rounds up to all of minimum_hosts = {least}, so no host could be taken out of service:"
                f" at most {(least - 1) * 100 // least}"
            ),
        )


def _zone_by_zone(_: PipelineSettings, environment: Environment) -> Iterator[Finding]:
    healthy, zones = environment.deployment, environment.zone_count
    if not isinstance(healthy, MinimumHealthy) or healthy.zone_minutes is None:
        return
    place = ("deployment", "zone_minutes")
    if healthy.percent is None:
        yield place, "needs percent in place of hosts: the share also applies to every single zone"
    elif zones == 1:
        yield place, "needs hosts in more than one zone, but zones is one"
    else:
        least = environment.minimum_hosts // zones
        if math.ceil(healthy.percent * least / 100) >= least:
            yield (
                place,
                (
                    f"deployment.percent = {healthy.percent} rounds up to all hosts of a zone:"
                    f" minimum_hosts = {environment.minimum_hosts} in {zones} zones leaves {least} in one"
                ),
            )


def _half(_: PipelineSettings, environment: Environment) -> Iterator[Finding]:
    if environment.deployment == "half_at_a_time" and environment.minimum_hosts == 1:
        yield (
            ("deployment",),
            (
                "is impossible with one host, because half of one rounds up to one:"
                ' use "one_at_a_time", or minimum_hosts = 2'
            ),
        )


def _unhealthy_hosts(_: PipelineSettings, environment: Environment) -> Iterator[Finding]:
    if environment.alarms.unhealthy_hosts > environment.maximum_hosts:
        yield (
            ("alarms", "unhealthy_hosts"),
            (
                f"must not be more than maximum_hosts, which is {environment.maximum_hosts}:"
                " the alarm would never go off"
            ),
        )


ENVIRONMENT: tuple[Callable[[PipelineSettings, Environment], Iterator[Finding]], ...] = (
    _instance_type,
    _minimum_and_maximum,
    _desired,
    _healthy,
    _healthy_hosts,
    _healthy_percent,
    _zone_by_zone,
    _half,
    _unhealthy_hosts,
)
