"""What has happened between two looks at a deployment, in words."""

from slipway.console.ages import duration
from slipway.releases.changes import carried_over, changes, failures, summary
from tests.slipway.releases.deployments import deployment, event, host


def test_a_first_look_says_what_it_is_and_where_it_stands() -> None:
    now = deployment("InProgress", host("i-a", "Pending"), description="slipway rollback to 9b1c77e")
    assert list(changes(None, now)) == [
        "d-1  my-app-prod: slipway rollback to 9b1c77e",
        "d-1  InProgress",
    ]


def test_an_event_is_said_once_when_it_begins_and_once_when_it_ends() -> None:
    begins = deployment("InProgress", host("i-a", "InProgress", event("BlockTraffic", "InProgress")))
    ends = deployment("InProgress", host("i-a", "InProgress", event("BlockTraffic", "Succeeded")))
    assert list(changes(deployment("InProgress", host("i-a", "Pending")), begins)) == ["i-a  BlockTraffic …"]
    assert list(changes(begins, begins)) == []
    assert list(changes(begins, ends)) == ["i-a  BlockTraffic: Succeeded (2.0 s)"]


def test_of_its_end_only_the_hosts_are_said_here() -> None:
    before = deployment("InProgress", host("i-a", "InProgress"))
    assert list(changes(before, deployment("Succeeded", host("i-a", "Succeeded")))) == ["i-a  Succeeded"]


def test_a_host_that_was_terminated_half_way_is_said_to_be_gone_once() -> None:
    before = deployment("InProgress", host("i-a", "InProgress"), host("i-b", "Pending"))
    now = carried_over(before, deployment("InProgress", host("i-b", "Pending")))
    (said,) = changes(before, now)
    assert said.startswith("i-a  is gone")
    again = carried_over(now, deployment("InProgress", host("i-b", "Pending")))
    assert list(changes(now, again)) == []


def test_why_it_failed_is_said_with_the_end_of_the_scripts_log() -> None:
    failed = event(
        "ValidateService",
        "Failed",
        script="scripts/health_check.sh",
        message="exit code 1",
        log="no answer\nfrom /readyz\n",
    )
    ended = deployment("Failed", host("i-a", "Failed", failed), error="too many hosts failed")
    assert list(failures(ended)) == [
        "Failed: too many hosts failed",
        "i-a failed in ValidateService, scripts/health_check.sh: exit code 1",
        "    no answer",
        "    from /readyz",
    ]


def test_what_a_script_wrote_does_not_reach_the_terminal_as_a_command() -> None:
    failed = event("ValidateService", "Failed", log="\x1b[2Jgone")
    assert "\x1b" not in "".join(failures(deployment("Failed", host("i-a", "Failed", failed))))


def test_of_many_hosts_that_failed_the_logs_of_three_are_shown() -> None:
    hosts = [host(f"i-{each}", "Failed", event("ValidateService", "Failed")) for each in range(50)]
    said = list(failures(deployment("Failed", *hosts)))
    assert len(said) == 4
    assert said[-1] == "and 47 more hosts failed"


def test_a_host_that_failed_nowhere_in_particular_is_said_to() -> None:
    (said,) = failures(deployment("Failed", host("i-a", "Failed")))
    assert said == "i-a failed; CodeDeploy does not say in which event"


def test_its_end_in_one_line_counts_hosts_and_says_how_long_it_took() -> None:
    ended = deployment("Succeeded", host("i-a", "Succeeded"), host("i-b", "Failed"))
    assert summary(ended) == "d-1  Succeeded in 1 min 15 s: 1 of 2 hosts"


def test_durations_are_said_as_people_do() -> None:
    assert [duration(each) for each in (0.4, 59, 60, 3599, 3660)] == [
        "0 s",
        "59 s",
        "1 min 0 s",
        "59 min 59 s",
        "1 h 1 min",
    ]
