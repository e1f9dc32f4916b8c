"""Gap: applications and deployment groups that change, go, and read back as they were made."""

from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import ClientError

from tests.local.emulator import hosts
from tests.local.emulator.clients import ACCOUNT, Clients
from tests.local.emulator.roles import role

if TYPE_CHECKING:
    from mypy_boto3_codedeploy.type_defs import DeploymentGroupInfoTypeDef

ROLE = f"arn:aws:iam::{ACCOUNT}:role/deploy"


def make_group(aws: Clients, name: str) -> None:
    """A deployment group in an application of the same name, on an Auto Scaling group of that name."""
    hosts.make_group(aws, f"{name}-hosts")
    aws.codedeploy.create_application(applicationName=name, computePlatform="Server")
    aws.codedeploy.create_deployment_group(
        applicationName=name,
        deploymentGroupName=name,
        serviceRoleArn=role(aws, "deploy", "codedeploy"),
        autoScalingGroups=[f"{name}-hosts"],
        alarmConfiguration={"enabled": True, "alarms": [{"name": "latency"}]},
    )


def group(aws: Clients, application: str, name: str) -> "DeploymentGroupInfoTypeDef":
    found = aws.codedeploy.get_deployment_group(applicationName=application, deploymentGroupName=name)
    return found["deploymentGroupInfo"]


def test_a_groups_alarms_read_back(beyond_moto: Clients) -> None:
    make_group(beyond_moto, "alarmed")
    found = group(beyond_moto, "alarmed", "alarmed")["alarmConfiguration"]
    assert found == {"enabled": True, "alarms": [{"name": "latency"}]}


def test_a_groups_hosts_read_back_with_the_hook_that_aws_puts_on_them(beyond_moto: Clients) -> None:
    make_group(beyond_moto, "hooked")
    (scaling,) = group(beyond_moto, "hooked", "hooked")["autoScalingGroups"]
    assert scaling["name"] == "hooked-hosts"
    assert scaling["hook"].startswith("CodeDeploy-managed-automatic-launch-deployment-hook-hooked")


def test_a_group_is_in_place_without_traffic_control_unless_said(beyond_moto: Clients) -> None:
    make_group(beyond_moto, "plain-style")
    style = group(beyond_moto, "plain-style", "plain-style")["deploymentStyle"]
    assert style == {"deploymentType": "IN_PLACE", "deploymentOption": "WITHOUT_TRAFFIC_CONTROL"}


def test_what_was_not_given_is_not_answered(beyond_moto: Clients) -> None:
    make_group(beyond_moto, "bare")
    assert "blueGreenDeploymentConfiguration" not in group(beyond_moto, "bare", "bare")


def test_an_update_changes_what_it_gives_and_leaves_the_rest(beyond_moto: Clients) -> None:
    make_group(beyond_moto, "changed")
    beyond_moto.codedeploy.update_deployment_group(
        applicationName="changed",
        currentDeploymentGroupName="changed",
        alarmConfiguration={"enabled": False, "alarms": []},
    )
    found = group(beyond_moto, "changed", "changed")
    assert found["alarmConfiguration"] == {"enabled": False, "alarms": []}
    assert found["serviceRoleArn"] == ROLE


def test_an_update_can_rename(beyond_moto: Clients) -> None:
    make_group(beyond_moto, "before")
    beyond_moto.codedeploy.update_deployment_group(
        applicationName="before", currentDeploymentGroupName="before", newDeploymentGroupName="after"
    )
    assert group(beyond_moto, "before", "after")["deploymentGroupName"] == "after"
    with pytest.raises(ClientError, match="DeploymentGroupDoesNotExistException"):
        group(beyond_moto, "before", "before")


def test_a_deleted_group_is_gone(beyond_moto: Clients) -> None:
    make_group(beyond_moto, "short-lived")
    beyond_moto.codedeploy.delete_deployment_group(
        applicationName="short-lived", deploymentGroupName="short-lived"
    )
    with pytest.raises(ClientError, match="DeploymentGroupDoesNotExistException"):
        group(beyond_moto, "short-lived", "short-lived")


def test_a_deleted_application_takes_its_groups_with_it(beyond_moto: Clients) -> None:
    make_group(beyond_moto, "application")
    beyond_moto.codedeploy.delete_application(applicationName="application")
    beyond_moto.codedeploy.create_application(applicationName="application", computePlatform="Server")
    groups = beyond_moto.codedeploy.list_deployment_groups(applicationName="application")
    assert groups["deploymentGroups"] == []


def test_deleting_what_is_not_there_succeeds_as_in_aws(beyond_moto: Clients) -> None:
    beyond_moto.codedeploy.delete_application(applicationName="missing")
    beyond_moto.codedeploy.delete_deployment_group(applicationName="missing", deploymentGroupName="missing")
