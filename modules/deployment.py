"""The CodeDeploy deployment configuration of an environment: how many hosts are deployed to at a time."""

from dataclasses import dataclass

from constructs_lib.deployment_group import MinimumHealthyHosts

from modules.config.names import EnvironmentNames
from modules.config.settings import Environment, MinimumHealthy

PREDEFINED = {
    "one_at_a_time": "CodeDeployDefault.OneAtATime",
    "half_at_a_time": "CodeDeployDefault.HalfAtATime",
    "all_at_once": "CodeDeployDefault.AllAtOnce",
}


@dataclass(frozen=True)
class Configuration:
    """A deployment configuration: its name and, unless it is one of CodeDeploy's own, its content."""

    name: str
    minimum: MinimumHealthyHosts | None = None

    @property
    def speed(self) -> str | MinimumHealthyHosts:
        """The argument ``speed`` of ``DeploymentGroup``."""
        return self.minimum or self.name


def configuration(environment: Environment, names: EnvironmentNames) -> Configuration:
    """Return the deployment configuration for the environment's settings."""
    asked = environment.deployment
    if not isinstance(asked, MinimumHealthy):
        return Configuration(PREDEFINED[asked])
    minimum = _minimum(asked)
    return Configuration(minimum.config_name(names.deployment_group), minimum)


def _minimum(asked: MinimumHealthy) -> MinimumHealthyHosts:
    if asked.hosts is not None:
        return MinimumHealthyHosts("HOST_COUNT", asked.hosts)
    assert asked.percent is not None  # validated: exactly one of the two
    wait = None if asked.zone_minutes is None else asked.zone_minutes * 60
    return MinimumHealthyHosts("FLEET_PERCENT", asked.percent, zone_seconds=wait)
