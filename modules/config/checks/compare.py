"""Runs every check that compares settings with each other, as far as their values are known."""

from collections.abc import Iterator
from itertools import combinations

from modules.config.checks import hosts, identity, naming, network, source, traffic
from modules.config.draft import settled
from modules.config.problems import Finding
from modules.config.settings import PipelineSettings

PIPELINE = (*naming.PIPELINE, *source.PIPELINE, *identity.PIPELINE)
ENVIRONMENT = (*naming.ENVIRONMENT, *network.ENVIRONMENT, *hosts.ENVIRONMENT, *traffic.ENVIRONMENT)
NEIGHBOURS = (*naming.NEIGHBOURS, *network.NEIGHBOURS, *traffic.NEIGHBOURS)


def compare(pipeline: PipelineSettings) -> Iterator[Finding]:
    """What is wrong between values that are right by themselves; of a draft, too."""
    for check in PIPELINE:
        yield from settled(check(pipeline))
    environments = list(enumerate(getattr(pipeline, "environments", ())))
    for n, environment in environments:
        for each in ENVIRONMENT:
            for path, message in settled(each(pipeline, environment)):
                yield ("environments", n, *path), message
    for (m, earlier), (n, later) in combinations(environments, 2):
        for compare in NEIGHBOURS:
            called = getattr(earlier, "name", f"environments[{m}]")
            for path, message in settled(compare(later, earlier, called)):
                yield ("environments", n, *path), message
