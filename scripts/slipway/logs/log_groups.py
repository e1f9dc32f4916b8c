"""The log groups of each source and environment."""

from collections.abc import Iterable
from dataclasses import dataclass

from modules.config.names import EnvironmentNames, Names
from slipway.logs.source import LogSource

GROUPS = {
    LogSource.APP: "app",
    LogSource.AGENT: "agent",
    LogSource.DEPLOY: "deployments",
    LogSource.RUN: "run",
}


@dataclass(frozen=True)
class ServiceLogGroup:
    """A log group. stack: the stack that creates it. environment: None for builds."""

    name: str
    source: LogSource
    stack: str
    environment: str | None = None

    def host(self, stream: str) -> str | None:
        """The instance that writes a stream, from its name ``<instance>/<what>``; None if none does."""
        none = self.environment is None or self.source is LogSource.RUN
        return None if none else stream.partition("/")[0]


def log_groups(
    names: Names, environments: Iterable[EnvironmentNames], sources: Iterable[LogSource]
) -> list[ServiceLogGroup]:
    """The log groups of these sources in these environments."""
    asked = dict.fromkeys(sources)
    found = [
        ServiceLogGroup(
            environment.log_group(GROUPS[source]), source, environment.stack, environment.environment
        )
        for environment in environments
        for source in asked
        if source in GROUPS
    ]
    builds = ServiceLogGroup(names.build_log_group, LogSource.BUILD, names.delivery_stack)
    return found + [builds] * (LogSource.BUILD in asked)
