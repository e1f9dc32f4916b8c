"""Gap: deployment groups many at a time."""

import pytest
from botocore.exceptions import ClientError

from tests.local.emulator.clients import Clients
from tests.local.emulator.deployments import deploy, make_group, say


def test_groups_are_read_at_once_and_missing_ones_are_named(beyond_moto: Clients) -> None:
    make_group(beyond_moto, "batched")
    answer = beyond_moto.codedeploy.batch_get_deployment_groups(
        applicationName="batched", deploymentGroupNames=["batched", "missing"]
    )
    assert [each["deploymentGroupName"] for each in answer["deploymentGroupsInfo"]] == ["batched"]
    assert answer["errorMessage"] == "No deployment group found for name: missing"


def test_each_says_what_it_says_alone(aws: Clients) -> None:
    make_group(aws, "alone", alarmConfiguration={"enabled": True, "alarms": [{"name": "latency"}]})
    made = deploy(aws, "alone")
    say(aws, made, status="Succeeded")
    [one] = aws.codedeploy.batch_get_deployment_groups(
        applicationName="alone", deploymentGroupNames=["alone"]
    )["deploymentGroupsInfo"]
    alone = aws.codedeploy.get_deployment_group(applicationName="alone", deploymentGroupName="alone")
    assert one == alone["deploymentGroupInfo"]
    assert one["lastSuccessfulDeployment"]["deploymentId"] == made


def test_an_application_that_is_not_there_is_refused(aws: Clients) -> None:
    with pytest.raises(ClientError, match="ApplicationDoesNotExistException"):
        aws.codedeploy.batch_get_deployment_groups(applicationName="none", deploymentGroupNames=["a"])


def test_more_than_a_hundred_at_once_are_refused(aws: Clients) -> None:
    with pytest.raises(ClientError, match="BatchLimitExceededException"):
        aws.codedeploy.batch_get_deployment_groups(
            applicationName="none", deploymentGroupNames=[f"g{number}" for number in range(101)]
        )
