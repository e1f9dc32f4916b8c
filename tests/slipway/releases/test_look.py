"""How a deployment is going, read from CodeDeploy."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError
from botocore.stub import Stubber

from slipway.aws.clients import Aws
from slipway.releases.look import look
from tests.slipway.releases.world import HOSTS, World, commit

INFO = {"deploymentId": "d-1", "status": "InProgress", "createTime": datetime(2026, 11, 23, tzinfo=UTC)}
GONE = "DeploymentTargetDoesNotExistException"


@pytest.fixture
def codedeploy() -> Any:  # noqa: ANN401 - a client that asks nobody
    return Aws("eu-central-1", {"AWS_ACCESS_KEY_ID": "-", "AWS_SECRET_ACCESS_KEY": "-"}).codedeploy


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
    found = look(world.aws.codedeploy, made)
    assert found.succeeded
    assert [each.id for each in found.hosts] == list(HOSTS)
    assert {each.status for each in found.hosts[0].events} == {"Succeeded"}
    assert found.hosts[0].events[0].seconds == 2.0


def test_before_it_has_started_it_has_no_hosts(world: World) -> None:
    world.build(commit(1))
    made = world.deployed("staging", commit(1), "Created")
    found = look(world.aws.codedeploy, made)
    assert (found.status, found.hosts) == ("Created", ())


def test_every_page_of_hosts_is_read_and_25_are_asked_for_at_once(codedeploy: Any) -> None:  # noqa: ANN401
    ids = [f"i-{each:017d}" for each in range(30)]
    with Stubber(codedeploy) as stub:
        stub.add_response("get_deployment", {"deploymentInfo": INFO})
        stub.add_response("list_deployment_targets", {"targetIds": ids[:20], "nextToken": "more"})
        stub.add_response("list_deployment_targets", {"targetIds": ids[20:]})
        answer_targets(stub, ids[:25])
        answer_targets(stub, ids[25:])
        found = look(codedeploy, "d-1")
        stub.assert_no_pending_responses()
    assert [each.id for each in found.hosts] == ids


def test_a_host_that_goes_while_they_are_read_leaves_the_others(codedeploy: Any) -> None:  # noqa: ANN401
    with Stubber(codedeploy) as stub:
        stub.add_response("get_deployment", {"deploymentInfo": INFO})
        stub.add_response("list_deployment_targets", {"targetIds": ["i-a", "i-b"]})
        stub.add_client_error("batch_get_deployment_targets", GONE)
        answer_targets(stub, ["i-a"])
        stub.add_client_error("batch_get_deployment_targets", GONE)
        found = look(codedeploy, "d-1")
        stub.assert_no_pending_responses()
    assert [each.id for each in found.hosts] == ["i-a"]


def test_a_refusal_is_not_taken_for_a_deployment_without_hosts(codedeploy: Any) -> None:  # noqa: ANN401
    with Stubber(codedeploy) as stub:
        stub.add_response("get_deployment", {"deploymentInfo": INFO})
        stub.add_client_error("list_deployment_targets", "AccessDeniedException")
        with pytest.raises(ClientError, match="AccessDenied"):
            look(codedeploy, "d-1")
