"""A deployment's hosts, as CodeDeploy's API returns them."""

from typing import Any

from local.rehearsal.codedeploy.targets import Instances
from local.rehearsal.codedeploy_agent.agent import ORDER
from local.rehearsal.results.record import DeploymentRecord, EventRecord, HostRecord

BEGAN = 1_790_000_000.0
INSTANCES = Instances(ids={"host-1": "i-1", "host-2": "i-2"}, arn="arn:instance/", began=BEGAN)
MESSAGE = "Script at specified location: scripts/health_check.sh failed with exit code 1"


def told(*events: EventRecord, status: str = "InProgress") -> dict[str, Any]:
    """What is told of a host to which these events have come."""
    host = HostRecord(name="host-1", status=status, events=list(events))
    (target,) = INSTANCES.targets(DeploymentRecord(id="d-1", commit="one", at=10.0, hosts=[host]))
    return target


def event(name: str, status: str = "Succeeded", **details: str) -> EventRecord:
    return EventRecord(name=name, at=11.0, seconds=2.0, status=status, **details)


def test_a_host_is_the_instance_that_it_stands_for() -> None:
    target = told()
    assert (target["targetId"], target["targetArn"]) == ("i-1", "arn:instance/i-1")


def test_every_event_that_is_to_come_is_named() -> None:
    events = told(event("BeforeBlockTraffic"))["lifecycleEvents"]
    assert [each["lifecycleEventName"] for each in events] == list(ORDER)
    assert {each["status"] for each in events[1:]} == {"Pending"}


def test_times_are_seconds_since_1970() -> None:
    target = told(event("BeforeBlockTraffic"))
    first = target["lifecycleEvents"][0]
    assert (first["startTime"], first["endTime"]) == (BEGAN + 11, BEGAN + 13)
    assert target["lastUpdatedAt"] == BEGAN + 13


def test_an_event_under_way_has_no_end_yet() -> None:
    first = told(event("BeforeBlockTraffic", "InProgress"))["lifecycleEvents"][0]
    assert first["status"] == "InProgress"
    assert not {"endTime", "diagnostics"} & set(first)


def test_after_an_event_that_failed_the_others_are_skipped() -> None:
    events = told(event("BeforeBlockTraffic", "Failed"), status="Failed")["lifecycleEvents"]
    assert {each["status"] for each in events[1:]} == {"Skipped"}


def test_an_event_that_failed_tells_its_script_and_the_end_of_its_log() -> None:
    failed = event("BeforeBlockTraffic", "Failed", message=MESSAGE, log="not healthy")
    assert told(failed, status="Failed")["lifecycleEvents"][0]["diagnostics"] == {
        "errorCode": "ScriptFailed",
        "scriptName": "scripts/health_check.sh",
        "message": MESSAGE,
        "logTail": "not healthy",
    }


def test_a_script_that_did_not_end_in_time_is_told_apart() -> None:
    late = "Script at specified location: scripts/health_check.sh failed to complete in 600 seconds"
    failed = event("BeforeBlockTraffic", "Failed", message=late)
    diagnostics = told(failed, status="Failed")["lifecycleEvents"][0]["diagnostics"]
    assert diagnostics["errorCode"] == "ScriptTimedOut"
