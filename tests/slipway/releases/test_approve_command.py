"""``slipway approve`` and ``slipway reject``: the pending approval is answered."""

import json

import pytest

from tests.slipway.commands import slipway
from tests.slipway.recorded import recorded
from tests.slipway.releases.world import World, commit


@pytest.fixture
def waiting(world: World) -> World:
    """A commit waits before prod, where another one runs."""
    world.build(commit(1), commit(2))
    world.deployed("prod", commit(1))
    world.release(commit(2))
    return world


def approval(world: World) -> str:
    """Where it stands."""
    state: str = world.stage("prod")["actionStates"][0]["latestExecution"]["status"]
    return state


def test_approved_it_goes_in(waiting: World) -> None:
    answer = slipway("approve", "--env", "prod", "--yes")
    assert answer.code == 0
    assert approval(waiting) == "Succeeded"
    assert f"approved: {commit(2)[:12]} for prod" in answer.words


def test_rejected_it_stays_out_with_the_reason(waiting: World) -> None:
    assert slipway("reject", "--env", "prod", "--yes", "--reason", "not today").code == 0
    assert approval(waiting) == "Failed"
    assert waiting.stage("prod")["actionStates"][0]["latestExecution"]["summary"] == "not today"


def test_the_only_approval_that_waits_is_meant(waiting: World) -> None:
    assert slipway("approve", "--yes").code == 0
    assert approval(waiting) == "Succeeded"


def test_it_says_what_it_would_ship_and_what_runs(waiting: World) -> None:
    words = slipway("approve", "--yes").words
    assert f"prod would get  {commit(2)[:12]}" in words
    assert f"prod runs       {commit(1)[:12]}" in words


def test_its_answer_is_one_document(waiting: World) -> None:
    said = json.loads(slipway("reject", "--yes", "--json").data)
    assert (said["environment"], said["commit"], said["answer"]) == ("prod", commit(2), "Rejected")


def test_where_nothing_waits_there_is_nothing_to_answer(world: World) -> None:
    answer = slipway("approve", "--env", "prod", "--yes")
    assert answer.code == 1
    assert "no release waits for approval in prod" in answer.words


@pytest.mark.parametrize("command", ["approve", "reject"])
def test_a_dry_run_prints_what_would_be_called_and_changes_nothing(waiting: World, command: str) -> None:
    with recorded() as calls:
        answer = slipway(command, "--dry-run")
    assert [call.name for call in calls if call.changes] == []
    assert json.loads(answer.data)["parameters"]["stageName"] == "prod"
    assert approval(waiting) == "InProgress"


def test_where_nobody_can_be_asked_it_has_to_be_said(waiting: World) -> None:
    assert slipway("approve", "--env", "prod").code == 2
    assert approval(waiting) == "InProgress"
