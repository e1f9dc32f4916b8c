"""``slipway resume``: the pipeline's way into an environment is opened again."""

import json

import pytest

from slipway.console import cdk
from tests.slipway.commands import slipway
from tests.slipway.recorded import recorded
from tests.slipway.releases.world import World, commit


@pytest.fixture
def paused(world: World) -> World:
    """Staging is closed, and a commit waits before it."""
    world.aws.codepipeline.disable_stage_transition(
        pipelineName=world.service, stageName="staging", transitionType="Inbound", reason="rolled back"
    )
    world.release(commit(1))
    return world


def is_open(world: World) -> bool:
    state: bool = world.stage("staging")["inboundTransitionState"]["enabled"]
    return state


def test_what_waits_goes_in(paused: World) -> None:
    answer = slipway("resume", "--env", "staging", "--yes")
    assert answer.code == 0
    assert is_open(paused)
    assert paused.stage("staging")["latestExecution"]["status"] == "Succeeded"


def test_it_says_who_paused_it_why_and_what_waits(paused: World) -> None:
    words = slipway("resume", "--env", "staging", "--yes").words
    assert "by root: rolled back" in words
    assert f"{commit(1)[:12]} waits, and is deployed at once" in words


def test_its_answer_is_one_document(paused: World) -> None:
    said = json.loads(slipway("resume", "--env", "staging", "--yes", "--json").data)
    assert said == {"environment": "staging", "was_paused": True, "paused": False}


def test_what_is_not_paused_is_left_alone(world: World) -> None:
    with recorded() as calls:
        answer = slipway("resume", "--env", "staging", "--yes")
    assert answer.code == 0
    assert "is not paused before staging" in answer.words
    assert [call.name for call in calls if call.changes] == []


def test_a_dry_run_prints_what_would_be_called_and_changes_nothing(paused: World) -> None:
    with recorded() as calls:
        answer = slipway("resume", "--env", "staging", "--dry-run")
    assert [call.name for call in calls if call.changes] == []
    assert json.loads(answer.data)["operation"] == "EnableStageTransition"
    assert not is_open(paused)


def test_where_nobody_can_be_asked_it_has_to_be_said(paused: World) -> None:
    assert slipway("resume", "--env", "staging").code == 2
    assert not is_open(paused)


def test_where_there_is_no_pipeline_yet_it_says_which_stack_makes_it(world: World) -> None:
    world.aws.codepipeline.delete_pipeline(name=world.service)
    answer = slipway("resume", "--env", "staging", "--yes")
    assert answer.code == 1
    assert cdk.cdk("deploy", "*") in answer.words
