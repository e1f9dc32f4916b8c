"""``slipway watch``: which deployment is meant, and how its result becomes the command's."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.slipway.commands import slipway
from tests.slipway.recorded import recorded
from tests.slipway.releases.world import HOSTS, World, commit, target


@pytest.fixture
def built(world: World) -> World:
    world.build(commit(1), commit(2))
    return world


def test_the_one_in_progress_is_meant_wherever_it_is(built: World) -> None:
    running = built.deployed("staging", commit(1), "InProgress")
    built.deployed("prod", commit(1))
    answer = slipway("watch")
    assert answer.code == 0
    assert f"{running}  Succeeded" in answer.words


def test_if_there_is_none_the_last_is_meant(built: World) -> None:
    built.deployed("staging", commit(1))
    last = built.deployed("prod", commit(2))
    assert f"{last}  Succeeded" in slipway("watch").words


def test_an_environment_s_own_is_meant_if_it_is_named(built: World) -> None:
    of_staging = built.deployed("staging", commit(1))
    built.deployed("prod", commit(2))
    assert f"{of_staging}  Succeeded" in slipway("watch", "--env", "staging").words


def test_one_that_is_named_is_meant_whatever_else_goes_on(built: World) -> None:
    named = built.deployed("staging", commit(1))
    built.deployed("staging", commit(2), "InProgress")
    assert f"{named}  Succeeded" in slipway("watch", named).words


def test_a_failure_is_the_commands_own_with_the_log_and_what_follows(built: World) -> None:
    built.deployed("staging", commit(1))
    built.deployed("staging", commit(2), "InProgress")
    built.ends = ["Failed"]
    answer = slipway("watch", "--env", "staging")
    follower = built.deployments("staging")[0]["deploymentId"]
    assert answer.code == 1
    assert "no answer from /readyz" in answer.words
    assert f"slipway watch {follower}" in answer.words


def test_a_stop_is_a_failure_too(built: World) -> None:
    stopped = built.deployed("staging", commit(1), "InProgress")
    built.aws.codedeploy.stop_deployment(deploymentId=stopped)
    answer = slipway("watch", stopped)
    assert answer.code == 1
    assert f"{stopped} is Stopped" in answer.words


def test_its_end_is_one_document(built: World) -> None:
    built.deployed("staging", commit(1), "InProgress")
    said = json.loads(slipway("watch", "--json").data)
    assert said["status"] == "Succeeded"
    assert said["hosts"] == dict.fromkeys(HOSTS, "Succeeded")


def test_a_host_that_is_terminated_half_way_is_gone_and_the_rest_goes_on(built: World) -> None:
    made = built.deployed("staging", commit(1), "InProgress")
    built.report(made, "InProgress", *(target(host) for host in HOSTS))
    with terminated(built, HOSTS[0], after=1):
        answer = slipway("watch", "--json")
    assert answer.code == 0
    assert json.loads(answer.data)["hosts"] == {HOSTS[0]: "gone", HOSTS[1]: "Succeeded"}
    assert f"{HOSTS[0]}  is gone: it was terminated" in answer.words


@contextmanager
def terminated(world: World, host: str, *, after: int) -> Iterator[None]:
    """CodeDeploy lists a host so many times, and then no more."""
    listed = 0

    def leave_out(parsed: dict[str, list[str]], **_: object) -> None:
        nonlocal listed
        listed += 1
        if listed > after:
            parsed["targetIds"] = [target_id_ for target_id_ in parsed["targetIds"] if target_id_ != host]

    events: Any = world.aws.codedeploy.meta.events  # its stubs know no handler that takes an answer
    events.register("after-call.codedeploy.ListDeploymentTargets", leave_out)
    try:
        yield
    finally:
        events.unregister("after-call.codedeploy.ListDeploymentTargets", leave_out)


def test_where_nothing_was_ever_deployed_there_is_nothing_to_watch(built: World) -> None:
    answer = slipway("watch")
    assert answer.code == 1
    assert "no deployment found" in answer.words
    assert "next: push a commit" in answer.words


def test_a_deployment_that_is_not_there_is_one_plain_error(built: World) -> None:
    answer = slipway("watch", "d-NOWHERE99")
    assert answer.code == 1
    assert answer.words.startswith("error: deployment d-NOWHERE99 not found\n")


def test_watching_changes_nothing(built: World) -> None:
    built.deployed("staging", commit(1))
    with recorded() as calls:
        slipway("watch")
    assert [call.name for call in calls if call.changes] == []
