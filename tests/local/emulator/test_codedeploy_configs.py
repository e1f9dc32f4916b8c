"""Gap: deployment configurations."""

import pytest
from botocore.exceptions import ClientError

from tests.local.emulator.clients import Clients
from tests.local.emulator.roles import role


def make_config(aws: Clients, name: str) -> str:
    made = aws.codedeploy.create_deployment_config(
        deploymentConfigName=name, minimumHealthyHosts={"type": "FLEET_PERCENT", "value": 75}
    )
    return made["deploymentConfigId"]


def test_a_configuration_reads_back(beyond_moto: Clients) -> None:
    made = make_config(beyond_moto, "three-quarters")
    config = beyond_moto.codedeploy.get_deployment_config(deploymentConfigName="three-quarters")
    found = config["deploymentConfigInfo"]
    assert found["deploymentConfigId"] == made
    assert found["computePlatform"] == "Server"
    assert found["minimumHealthyHosts"] == {"type": "FLEET_PERCENT", "value": 75}


def test_aws_brings_configurations_of_its_own(beyond_moto: Clients) -> None:
    names = beyond_moto.codedeploy.list_deployment_configs()["deploymentConfigsList"]
    assert {"CodeDeployDefault.OneAtATime", "CodeDeployDefault.HalfAtATime"} <= set(names)


def test_a_name_is_taken_once(aws: Clients) -> None:
    make_config(aws, "taken")
    with pytest.raises(ClientError, match="DeploymentConfigAlreadyExistsException"):
        make_config(aws, "taken")


def test_a_configuration_that_is_not_there_is_not_read(aws: Clients) -> None:
    with pytest.raises(ClientError, match="DeploymentConfigDoesNotExistException"):
        aws.codedeploy.get_deployment_config(deploymentConfigName="missing")


def test_a_deleted_configuration_is_gone(beyond_moto: Clients) -> None:
    make_config(beyond_moto, "short-lived")
    beyond_moto.codedeploy.delete_deployment_config(deploymentConfigName="short-lived")
    assert "short-lived" not in beyond_moto.codedeploy.list_deployment_configs()["deploymentConfigsList"]


def test_a_configuration_that_a_group_uses_is_not_deleted(aws: Clients) -> None:
    make_config(aws, "in-use")
    aws.codedeploy.create_application(applicationName="uses-config", computePlatform="Server")
    aws.codedeploy.create_deployment_group(
        applicationName="uses-config",
        deploymentGroupName="group",
        serviceRoleArn=role(aws, "deploy", "codedeploy"),
        deploymentConfigName="in-use",
    )
    with pytest.raises(ClientError, match="DeploymentConfigInUseException"):
        aws.codedeploy.delete_deployment_config(deploymentConfigName="in-use")
