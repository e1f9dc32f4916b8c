"""API_BatchGetDeploymentGroups, which moto does not have.

Groups that do not exist are left out of the answer and listed in its error message.
"""

from typing import Any  # what moto keeps is JSON

from moto.codedeploy.exceptions import CodeDeployException
from moto.codedeploy.responses import CodeDeployResponse
from moto.core.responses import ActionResult

from local.emulator.gaps.patching import add

MOST = 100


def fill() -> None:
    """Adds BatchGetDeploymentGroups to moto."""
    add(CodeDeployResponse, batch_get_deployment_groups)


def batch_get_deployment_groups(self: CodeDeployResponse) -> ActionResult:
    """Returns groups of one application, at most a hundred."""
    application: str = self._get_param("applicationName")
    names: list[str] = self._get_param("deploymentGroupNames")
    if len(names) > MOST:
        raise CodeDeployException("BatchLimitExceededException", f"at most {MOST} groups per request")
    self.codedeploy_backend.get_application(application)
    there = self.codedeploy_backend.deployment_groups.get(application, {})
    missing = ", ".join(name for name in names if name not in there)
    answer: dict[str, Any] = {
        "deploymentGroupsInfo": [_read(self, application, name) for name in names if name in there],
        "errorMessage": f"No deployment group found for name: {missing}" if missing else "",
    }
    return ActionResult(answer)


def _read(self: CodeDeployResponse, application: str, name: str) -> dict[str, Any]:
    """A group as GetDeploymentGroup returns it."""
    response = CodeDeployResponse()
    response.current_account, response.region = self.current_account, self.region
    asked = {"applicationName": application, "deploymentGroupName": name}
    response._get_param = lambda param_name, if_none=None: asked.get(param_name, if_none)  # type: ignore[method-assign]  # only for this call
    info: dict[str, Any] = response.get_deployment_group().result["deploymentGroupInfo"]  # type: ignore[index]  # JSON
    return info
