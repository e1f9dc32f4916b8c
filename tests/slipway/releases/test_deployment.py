"""How a deployment is going, read from CodeDeploy."""

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
from botocore.stub import Stubber

from slipway.aws import codedeploy
from slipway.aws.clients import Aws
from slipway.aws.errors import AwsError
from tests.slipway.releases.world import HOSTS, World, commit

INFO = {"deploymentId": "d-1", "status": "InProgress", "createTime": datetime(2026, 11, 23, tzinfo=UTC)}
GONE = "DeploymentTargetDoesNotExistException"


@pytest.fixture
def nobody() -> Aws:
    """Clients that ask nobody."""
    return Aws("eu-central-1", {"AWS_ACCESS_KEY_ID": "-", "AWS_SECRET_ACCESS_KEY": "-"})


def answer_targets(stub: Stubber, ids: Sequence[str]) -> None:
    targets = [
        {"deploymentTargetType": "InstanceTarget", "instanceTarget": {"targetId": each, "status": "Pending"}}
        for each in ids
    ]
    stub.add_response(
        "batch_get_deployment_targets",
        {"deploymentTargets": targets},
        {"deploymentId": "d-1", "targetIds": list(ids)},
    )


def test_hosts_and_their_events_are_read(world: World) -> None:
    world.build(commit(1))
    made = world.deployed("staging", commit(1), "InProgress")
    world.go_on(0)
    found = codedeploy.deployment(world.aws, made)
    assert found.succeeded
    assert [target.id for target in found.targets] == list(HOSTS)
    assert {event.status for event in found.targets[0].events} == {"Succeeded"}
    assert found.targets[0].events[0].seconds == 2.0


def test_before_it_has_started_it_has_no_hosts(world: World) -> None:
    world.build(commit(1))
    made = world.deployed("staging", commit(1), "Created")
    found = codedeploy.deployment(world.aws, made)
    assert (found.status, found.targets) == ("Created", ())


def test_every_page_of_hosts_is_read_and_25_are_asked_for_at_once(nobody: Aws) -> None:
    ids = [f"i-{each:017d}" for each in range(30)]
    with Stubber(nobody.codedeploy) as stub:
        stub.add_response("get_deployment", {"deploymentInfo": INFO})
        stub.add_response("list_deployment_targets", {"targetIds": ids[:20], "nextToken": "more"})
        stub.add_response("list_deployment_targets", {"targetIds": ids[20:]})
        answer_targets(stub, ids[:25])
        answer_targets(stub, ids[25:])
        found = codedeploy.deployment(nobody, "d-1")
        stub.assert_no_pending_responses()
    assert [target.id for target in found.targets] == ids


def test_a_host_that_goes_while_they_are_read_leaves_the_others(nobody: Aws) -> None:
    with Stubber(nobody.codedeploy) as stub:
        stub.add_response("get_deployment", {"deploymentInfo": INFO})
        stub.add_response("list_deployment_targets", {"targetIds": ["i-a", "i-b"]})
        stub.add_client_error("batch_get_deployment_targets", GONE)
        answer_targets(stub, ["i-a"])
        stub.add_client_error("batch_get_deployment_targets", GONE)
        found = codedeploy.deployment(nobody, "d-1")
        stub.assert_no_pending_responses()
    assert [target.id for target in found.targets] == ["i-a"]


def test_a_refusal_is_not_taken_for_a_deployment_without_hosts(nobody: Aws) -> None:
    with Stubber(nobody.codedeploy) as stub:
        stub.add_response("get_deployment", {"deploymentInfo": INFO})
        stub.add_client_error("list_deployment_targets", "AccessDeniedException")
        with pytest.raises(AwsError, match="no permission for ListDeploymentTargets"):
            codedeploy.deployment(nobody, "d-1")
