"""Runs every check that compares settings with each other, as far as the values are valid."""

from collections.abc import Iterator
from itertools import combinations

from modules.config.checks import (
    existing,
    existing_network,
    hosts,
    identity,
    load_balancer,
    naming,
    network,
    platform,
    requests,
    source,
    traffic,
)
from modules.config.draft import settled
from modules.config.problems import Finding
from modules.config.settings import PipelineSettings

PIPELINE = (*naming.PIPELINE, *source.PIPELINE, *identity.PIPELINE, *existing.PIPELINE)
ENVIRONMENT = (
    *naming.ENVIRONMENT,
    *network.ENVIRONMENT,
    *existing_network.ENVIRONMENT,
    *platform.ENVIRONMENT,
    *load_balancer.ENVIRONMENT,
    *requests.ENVIRONMENT,
    *hosts.ENVIRONMENT,
    *traffic.ENVIRONMENT,
    *existing.ENVIRONMENT,
)
NEIGHBOURS = (
    *naming.NEIGHBOURS,
    *network.NEIGHBOURS,
    *requests.NEIGHBOURS,
    *traffic.NEIGHBOURS,
)


def compare(pipeline: PipelineSettings) -> Iterator[Finding]:
    """Yield the mistakes between values that are valid on their own; also works on a draft."""
    for check in PIPELINE:
        yield from settled(check(pipeline))
    environments = list(enumerate(getattr(pipeline, "environments", ())))
    for n, environment in environments:
        for check_environment in ENVIRONMENT:
            for path, message in settled(check_environment(pipeline, environment)):
                yield ("environments", n, *path), message
    for (m, earlier), (n, later) in combinations(environments, 2):
        for check_pair in NEIGHBOURS:
            called = getattr(earlier, "name", f"environments[{m}]")
            for path, message in settled(check_pair(later, earlier, called)):
                yield ("environments", n, *path), message
