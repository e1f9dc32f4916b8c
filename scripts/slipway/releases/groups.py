"""The deployment groups of all environments, in as few calls as CodeDeploy allows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from slipway.aws.errors import code_of

if TYPE_CHECKING:
    from mypy_boto3_codedeploy.client import CodeDeployClient
    from mypy_boto3_codedeploy.type_defs import DeploymentGroupInfoTypeDef

AT_ONCE = 100  # BatchGetDeploymentGroups takes no more


@dataclass(frozen=True, kw_only=True)
class Group:
    """A deployment group: what it deploys to, which alarms stop it, and when it was last used."""

    name: str
    auto_scaling_groups: tuple[str, ...] = ()
    target_groups: tuple[str, ...] = ()
    alarms: tuple[str, ...] = ()
    newest: datetime | None = None
    """When its last deployment was made."""


def read(codedeploy: "CodeDeployClient", application: str, names: Sequence[str]) -> dict[str, Group]:
    """The groups that are there, by name. None of them are before the foundation stack is."""
    try:
        return {each.name: each for each in _read(codedeploy, application, names)}
    except ClientError as error:
        if code_of(error) == "ApplicationDoesNotExistException":
            return {}
        raise


def _read(codedeploy: "CodeDeployClient", application: str, names: Sequence[str]) -> Iterator[Group]:
    for start in range(0, len(names), AT_ONCE):
        answer = codedeploy.batch_get_deployment_groups(
            applicationName=application, deploymentGroupNames=list(names[start : start + AT_ONCE])
        )
        yield from map(parse, answer["deploymentGroupsInfo"])


def parse(info: "DeploymentGroupInfoTypeDef") -> Group:
    """A group from CodeDeploy's answer."""
    alarms = info.get("alarmConfiguration", {})
    return Group(
        name=info["deploymentGroupName"],
        auto_scaling_groups=tuple(each["name"] for each in info.get("autoScalingGroups", ())),
        target_groups=tuple(
            each["name"] for each in info.get("loadBalancerInfo", {}).get("targetGroupInfoList", ())
        ),
        alarms=tuple(each["name"] for each in alarms.get("alarms", ())) if alarms.get("enabled") else (),
        newest=info.get("lastAttemptedDeployment", {}).get("createTime"),
    )
