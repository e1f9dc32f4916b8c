"""A bad release of one service costs the other no request, with one load balancer for both: for real."""

import asyncio
import sys
from collections.abc import Sequence

import pytest

from local.rehearsal.codedeploy.deployment import STOPPED
from local.rehearsal.codedeploy_agent.agent import FAILED, SUCCEEDED
from local.rehearsal.machines.docker_engine import require_possible
from local.rehearsal.machines.programs import require
from local.rehearsal.testbed import PROGRAMS
from slipway.console.errors import SlipwayError
from tests.rehearsals.two_services.settings import HOST_NAMES, OWNER, SHARER
from tests.rehearsals.two_services.steps import AT_LEAST, Results, play
from tests.rehearsals.two_services.testbed import two_services

pytestmark = [pytest.mark.integration, pytest.mark.rehearsal, pytest.mark.timeout(900)]

STEPS: Sequence[tuple[str, Sequence[tuple[str, str]]]] = (
    (SHARER, [(SUCCEEDED, "one")]),
    (SHARER, [(FAILED, "unready"), (SUCCEEDED, "one")]),
    (SHARER, [(STOPPED, "errors"), (SUCCEEDED, "one")]),
    (OWNER, [(SUCCEEDED, "two")]),
    (OWNER, [(FAILED, "crashes"), (SUCCEEDED, "two")]),
    (SHARER, []),
)
"""Which service each step releases, and its deployments; the last step destroys the service."""


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory, terraform: str) -> Results:
    try:
        require(PROGRAMS)
        require_possible()
    except SlipwayError as error:
        pytest.skip(str(error))
    with two_services(tmp_path_factory.mktemp("two-services")) as testbed:
        found = asyncio.run(play(testbed))
    for step in found.steps:  # pytest shows it if a test fails
        sys.stdout.write(f"{step}\n")
    return found


def test_no_request_to_the_other_service_fails_whatever_is_released(results: Results) -> None:
    other = {OWNER: SHARER, SHARER: OWNER}
    failures = {step.title: dict(step.traffic[other[step.service]].failures) for step in results.steps}
    assert [title for title, errors in failures.items() if errors] == [], failures
    requests = [traffic.requests for step in results.steps for traffic in step.traffic.values()]
    assert len(requests) == 2 * len(STEPS)
    assert min(requests) >= AT_LEAST


def test_each_service_is_answered_by_its_own_containers_until_the_other_one_is_gone(results: Results) -> None:
    *before, destroyed = results.steps
    answered = [(service, set(step.traffic[service].releases)) for step in before for service in HOST_NAMES]
    assert answered == [
        *((OWNER, {"orders one"}), (SHARER, {"billing one"})) * 3,
        *((OWNER, {"orders one", "orders two"}), (SHARER, {"billing one"})),
        *((OWNER, {"orders two"}), (SHARER, {"billing one"})),
    ]
    assert set(destroyed.traffic[OWNER].releases) == {"orders two"}
    assert results.destroyed > 0
    assert results.after == dict.fromkeys(HOST_NAMES.values(), "orders two")  # the default action's


def test_bad_releases_are_rolled_back_and_good_ones_succeed(results: Results) -> None:
    assert results.first == [(SUCCEEDED, "one")]
    assert [(step.service, step.deployments) for step in results.steps] == list(STEPS)


def test_errors_of_the_other_service_raise_alb_5xx_which_stops_no_release_of_the_owner(
    results: Results,
) -> None:
    """The owner is told that its load balancer fails requests, and its next release succeeds nonetheless."""
    assert results.alarms >= {"orders-prod-alb-5xx", "billing-prod-target-5xx"}
    assert {alarm for alarm in results.alarms if alarm.startswith(OWNER)} == {"orders-prod-alb-5xx"}
    assert set(results.stopping) == {"orders-prod-release-5xx", "orders-prod-release-latency"}
    watched = {group for groups in results.stopping.values() for group in groups}
    assert watched == {results.target_group}
