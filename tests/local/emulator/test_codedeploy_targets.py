"""Gap: the targets of deployments, and what their scripts said."""

from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.local.emulator.clients import Clients
from tests.local.emulator.deployments import deploy, deployment, make_group, say

BEGAN = 1_790_000_000.0
ONE, TWO = "i-0000000000000000a", "i-0000000000000000b"


def target(name: str, status: str) -> dict[str, Any]:
    """A host that has come to its health check."""
    return {
        "targetId": name,
        "status": status,
        "lastUpdatedAt": BEGAN + 2,
        "lifecycleEvents": [
            {
                "lifecycleEventName": "ValidateService",
                "startTime": BEGAN,
                "endTime": BEGAN + 2,
                "status": status,
                "diagnostics": {
                    "errorCode": "ScriptFailed",
                    "scriptName": "scripts/health_check.sh",
                    "message": "exit code 1",
                    "logTail": "not healthy",
                },
            }
        ],
    }


@pytest.fixture(scope="session")
def failed(aws: Clients) -> str:
    """A deployment that failed on its first host, and left the second alone."""
    make_group(aws, "targeted")
    made = deploy(aws, "targeted")
    say(aws, made, status="Failed", targets=[target(ONE, "Failed"), target(TWO, "Skipped")])
    return made


def test_a_deployments_targets_are_listed(aws: Clients, failed: str) -> None:
    assert aws.codedeploy.list_deployment_targets(deploymentId=failed)["targetIds"] == [ONE, TWO]


def test_targets_in_a_status_are_listed_if_asked(aws: Clients, failed: str) -> None:
    found = aws.codedeploy.list_deployment_targets(
        deploymentId=failed, targetFilters={"TargetStatus": ["Failed"]}
    )
    assert found["targetIds"] == [ONE]


def test_a_target_tells_its_events_and_the_end_of_their_log(aws: Clients, failed: str) -> None:
    answer = aws.codedeploy.batch_get_deployment_targets(deploymentId=failed, targetIds=[ONE])
    (found,) = answer["deploymentTargets"]
    assert found["deploymentTargetType"] == "InstanceTarget"
    (event,) = found["instanceTarget"]["lifecycleEvents"]
    assert event["endTime"] == datetime.fromtimestamp(BEGAN + 2, UTC)
    assert event["diagnostics"]["logTail"] == "not healthy"


def test_a_target_that_there_is_not_is_refused(aws: Clients, failed: str) -> None:
    with pytest.raises(ClientError, match="DeploymentTargetDoesNotExistException"):
        aws.codedeploy.get_deployment_target(deploymentId=failed, targetId="i-0")


def test_what_is_said_later_of_a_target_replaces_what_was_said_before(aws: Clients) -> None:
    make_group(aws, "twice")
    made = deploy(aws, "twice")
    say(aws, made, status="InProgress", targets=[target(ONE, "InProgress"), target(TWO, "Pending")])
    say(aws, made, targets=[target(ONE, "Succeeded")])
    found = aws.codedeploy.get_deployment_target(deploymentId=made, targetId=ONE)
    assert found["deploymentTarget"]["instanceTarget"]["status"] == "Succeeded"
    overview = deployment(aws, made)["deploymentOverview"]
    assert (overview["Succeeded"], overview["Pending"], overview["InProgress"]) == (1, 1, 0)


def test_hosts_that_a_deployment_never_came_to_are_skipped_when_it_ends(aws: Clients) -> None:
    make_group(aws, "never-came")
    made = deploy(aws, "never-came")
    say(aws, made, status="Failed", targets=[target(ONE, "Failed"), target(TWO, "Pending")])
    found = aws.codedeploy.get_deployment_target(deploymentId=made, targetId=TWO)
    assert found["deploymentTarget"]["instanceTarget"]["status"] == "Skipped"


def test_a_deployment_that_has_begun_may_have_no_targets_yet(aws: Clients) -> None:
    make_group(aws, "none-yet")
    made = deploy(aws, "none-yet")
    say(aws, made, status="InProgress")
    assert aws.codedeploy.list_deployment_targets(deploymentId=made)["targetIds"] == []


def test_a_deployment_that_has_not_begun_has_no_list_of_targets(beyond_moto: Clients) -> None:
    make_group(beyond_moto, "not-begun")
    made = deploy(beyond_moto, "not-begun")
    with pytest.raises(ClientError) as refused:
        beyond_moto.codedeploy.list_deployment_targets(deploymentId=made)
    assert refused.value.response["Error"]["Code"] == "DeploymentNotStartedException"
