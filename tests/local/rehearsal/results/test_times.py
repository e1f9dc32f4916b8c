"""What took how long, from a record: by step, whatever order they were begun in."""

from local.rehearsal.results.record import (
    BuildRecord,
    DeploymentRecord,
    EventRecord,
    HostRecord,
    RehearsalRecord,
    StepRecord,
)
from local.rehearsal.results.times import times
from local.rehearsal.steps import BACK, BROKEN, FIRST, GOOD, TIME_UP

WAITS = {"BlockTraffic": 30.0, "ApplicationStart": 3.0, "AllowTraffic": 10.0}


def deployment(seconds: float) -> DeploymentRecord:
    """To two hosts, each drained and waited for."""
    events = [
        EventRecord(name=name, at=0, seconds=taken, status="Succeeded") for name, taken in WAITS.items()
    ]
    hosts = [HostRecord(name=name, events=events) for name in ("host-1", "host-2")]
    return DeploymentRecord(id="d-1", commit="a", at=0, seconds=seconds, hosts=hosts)


def step(title: str, *deployments: float) -> StepRecord:
    return StepRecord(title=title, at=0, deployments=[deployment(seconds) for seconds in deployments])


def build(seconds: float) -> BuildRecord:
    return BuildRecord(commit="a", digest="", at=0, seconds=seconds, phases={}, push_seconds=seconds / 10)


def taken() -> dict[str, float | None]:
    record = RehearsalRecord(service="my-app", environment="staging", engine="", started_at="")
    time_up = step(TIME_UP, 30, 25)
    for agent, ended in enumerate(time_up.deployments, 1):
        ended.agent = agent
        ended.hosts[0].events.append(
            EventRecord(name="ValidateService", at=0, seconds=3 + agent, status="Failed")
        )
    record.steps = [step(FIRST, 101), step(GOOD, 90), step(BROKEN, 60, 70), time_up, step(BACK, 95)]
    record.steps[-1].command_seconds = 97
    record.steps[1].downtime_seconds = 1.4
    return times(record, build(50), build(20))


def test_each_time_is_that_of_its_act() -> None:
    found = taken()

    assert found["first_deployment_seconds"] == 101
    assert found["deployment_seconds"] == 90
    assert found["downtime_seconds"] == 1.4
    assert found["automatic_rollback_seconds"] == 70
    assert found["agent_1_ended_hook_seconds"] == 4
    assert found["agent_2_ended_hook_seconds"] == 5
    assert found["rollback_seconds"] == 95
    assert found["rollback_command_seconds"] == 97


def test_draining_is_not_counted_and_neither_is_waiting_for_the_load_balancer_where_it_is_said() -> None:
    found = taken()

    assert found["rollback_seconds_without_draining"] == 95 - 2 * 30
    assert found["rollback_seconds_without_load_balancer"] == 95 - 2 * (30 + 10)
    assert found["deployment_seconds_without_draining"] == 90 - 2 * 30
    assert found["deployment_seconds_without_load_balancer"] == 90 - 2 * (30 + 10)


def test_builds_are_cold_and_warm() -> None:
    found = taken()

    assert (found["build_cold_seconds"], found["build_warm_seconds"]) == (50, 20)
    assert (found["push_seconds"], found["push_warm_seconds"]) == (5, 2)
