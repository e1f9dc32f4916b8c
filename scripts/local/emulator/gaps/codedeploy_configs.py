"""Deployment configurations: how many hosts must stay healthy during a deployment.

API_CreateDeploymentConfig, its Get, List and Delete: moto has none, not even AWS's own configurations.
"""

from moto.codedeploy.exceptions import CodeDeployException
from moto.codedeploy.models import codedeploy_backends
from moto.codedeploy.responses import CodeDeployResponse
from moto.core.responses import ActionResult, EmptyResult

from local.emulator.deployment_configs import DeploymentConfigs, deployment_configs
from local.emulator.gaps.patching import add

FIELDS = ("minimumHealthyHosts", "trafficRoutingConfig", "zonalConfig")


def fill() -> None:
    """Adds the operations on deployment configurations to moto."""
    add(
        CodeDeployResponse,
        create_deployment_config,
        get_deployment_config,
        list_deployment_configs,
        delete_deployment_config,
    )


def _configs(self: CodeDeployResponse) -> DeploymentConfigs:
    return deployment_configs[self.current_account][self.region]


def create_deployment_config(self: CodeDeployResponse) -> ActionResult:
    """Adds a deployment configuration; refuses a name that exists."""
    given = {field: self._get_param(field) for field in ("computePlatform", *FIELDS)}
    fields = {field: value for field, value in given.items() if value is not None}
    config = _configs(self).create(self._get_param("deploymentConfigName"), fields)
    return ActionResult({"deploymentConfigId": config["deploymentConfigId"]})


def get_deployment_config(self: CodeDeployResponse) -> ActionResult:
    """Returns a configuration, which can be one of AWS's own."""
    name: str = self._get_param("deploymentConfigName")
    config = _configs(self).configs.get(name)
    if config is None:
        message = f"No Deployment Configuration found for name: {name}"
        raise CodeDeployException("DeploymentConfigDoesNotExistException", message)
    return ActionResult({"deploymentConfigInfo": config})


def list_deployment_configs(self: CodeDeployResponse) -> ActionResult:
    """The names of all configurations."""
    return ActionResult({"deploymentConfigsList": list(_configs(self).configs)})


def delete_deployment_config(self: CodeDeployResponse) -> ActionResult:
    """Deletes a configuration that no deployment group uses; does nothing if it does not exist."""
    name: str = self._get_param("deploymentConfigName")
    applications = codedeploy_backends[self.current_account][self.region].deployment_groups.values()
    if any(group.deployment_config_name == name for groups in applications for group in groups.values()):
        raise CodeDeployException("DeploymentConfigInUseException", f"{name} is in use.")
    _configs(self).configs.pop(name, None)
    return EmptyResult()
