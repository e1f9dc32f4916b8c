"""The deployment configurations of the emulated account, with AWS's own; moto has none."""

from typing import Any  # a configuration is JSON
from uuid import uuid4

from moto.codedeploy.exceptions import CodeDeployException
from moto.core.base_backend import BackendDict, BaseBackend
from moto.core.utils import utcnow

BUILT_IN = {
    "CodeDeployDefault.AllAtOnce": {"type": "HOST_COUNT", "value": 0},
    "CodeDeployDefault.HalfAtATime": {"type": "FLEET_PERCENT", "value": 50},
    "CodeDeployDefault.OneAtATime": {"type": "HOST_COUNT", "value": 1},
}


class DeploymentConfigs(BaseBackend):
    """The deployment configurations of one account and region, by name."""

    def __init__(self, region_name: str, account_id: str) -> None:
        super().__init__(region_name, account_id)
        self.configs: dict[str, dict[str, Any]] = {}
        for name, healthy in BUILT_IN.items():
            self.create(name, {"minimumHealthyHosts": healthy})

    def create(self, name: str, fields: dict[str, Any]) -> dict[str, Any]:
        """Adds a configuration; raises CodeDeployException if the name is taken."""
        if name in self.configs:
            raise CodeDeployException("DeploymentConfigAlreadyExistsException", f"{name} already exists.")
        self.configs[name] = {
            "computePlatform": "Server",
            **fields,
            "deploymentConfigName": name,
            "deploymentConfigId": str(uuid4()),
            "createTime": utcnow(),
        }
        return self.configs[name]


deployment_configs = BackendDict(DeploymentConfigs, "codedeploy")
