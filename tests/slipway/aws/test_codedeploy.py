"""A group's deployments, newest first, read back as far as is needed and no further."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from local.emulator.gaps.codedeploy_details import details_of
from slipway.aws import codedeploy
from slipway.aws.codedeploy import Deployment, DeploymentGroupState, Enough, one_succeeded
from tests.slipway.recorded import Call, recorded
from tests.slipway.status.world import NOW, World, world

DAY = timedelta(days=1)


@pytest.fixture
def here() -> Iterator[World]:
    with world() as made:
        made.apply_foundation()
        made.apply_environment(hosts=0)
        yield made


def read(here: World, enough: Enough = one_succeeded) -> tuple[Deployment, ...]:
    group = DeploymentGroupState(name=here.environment().deployment_group, newest=NOW)
    return codedeploy.deployments(here.aws, here.names.application, group, enough)


def never(_: object) -> bool:
    return False


def of(calls: list[Call], operation: str) -> list[Call]:
    return [call for call in calls if call.operation == operation]


def test_they_come_newest_first_whatever_the_order_in_which_aws_lists_them(here: World) -> None:
    ages = [3, 1, 2]
    made = {age: here.deploy(f"{age}", ago=age * DAY) for age in ages}
    assert [each.id for each in read(here, never)] == [made[1], made[2], made[3]]


def test_one_success_is_enough_and_nothing_older_is_asked_for(here: World) -> None:
    here.deploy("old", ago=100 * DAY)
    new = here.deploy("new", ago=DAY)
    with recorded() as calls:
        assert [each.id for each in read(here)] == [new]
    assert len(of(calls, "ListDeployments")) == 1


def test_a_failure_alone_sends_it_further_back(here: World) -> None:
    good = here.deploy("good", ago=200 * DAY)
    bad = here.deploy("bad", "Failed", ago=DAY)
    assert [each.id for each in read(here)] == [bad, good]


def test_a_new_hosts_own_deployment_is_no_release(here: World) -> None:
    release = here.deploy("a", ago=20 * DAY)
    scaling = here.deploy("a", ago=DAY, creator="autoscaling")
    found = read(here)
    assert [(each.id, each.is_release) for each in found] == [(scaling, False), (release, True)]


def test_many_are_listed_page_by_page_and_read_in_batches(here: World) -> None:
    location = here.artifact("a")
    for number in range(1, 252):
        here.deploy("a", "Failed", ago=timedelta(minutes=number), location=location)
    with recorded() as calls:
        assert len(read(here)) == 251
    assert len(of(calls, "BatchGetDeployments")) == 11
    assert len(of(calls, "ListDeployments")) == 3 + 3  # pages of a hundred, then the older windows


def test_where_there_was_none_there_is_none(here: World) -> None:
    assert read(here) == ()


def test_a_rollback_knows_what_it_takes_back(here: World) -> None:
    made = here.deploy("a", creator="codeDeployRollback")
    details_of(here.record(made)).rollback = {"rollbackTriggeringDeploymentId": "d-BAD"}
    [found] = read(here)
    assert (found.rolls_back, found.is_release) == ("d-BAD", True)


def test_a_revision_that_is_not_from_s3_has_no_location() -> None:
    found = codedeploy.parse(
        {"deploymentId": "d-1", "status": "Succeeded", "createTime": NOW, "revision": {}}
    )
    assert found.revision is None
