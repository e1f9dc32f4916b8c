"""health_check.sh lets stay what answers, and brings back what was there before if it does not."""

import json
import signal

import pytest

from tests.scripts.host import Ended, Host


def checked(host: Host, **app: object) -> Ended:
    """Deploy commit two that behaves so, and check it."""
    host.build("two", **app)
    assert host.start("two").status == 0
    host.actions()
    return host.check("two")


def test_five_answers_in_a_row_half_a_second_apart_are_asked_for(host: Host) -> None:
    host.start("two")
    host.world["slept"] = 0

    assert host.check("two").status == 0

    assert host.world["slept"] == 4 * 0.5


def test_what_was_healthy_on_this_host_before_is_asked_as_often_in_less_time(host: Host) -> None:
    host.deploy("two")
    host.start("one")
    host.world |= {"slept": 0, "asked": []}

    assert host.check("one").status == 0

    assert host.world["slept"] == pytest.approx(4 * 0.2)
    assert host.world["asked"].count("http://127.0.0.1:9/readyz") == 5


def test_what_is_not_healthy_any_more_has_as_long_as_a_new_one(host: Host) -> None:
    host.deploy("two")
    host.build("one", health="503")
    host.start("one")
    host.world["slept"] = 0

    ended = host.check("one")

    assert "/readyz answered 503; timed out after 10 s" in ended.err
    assert host.world["slept"] == pytest.approx(10)
    assert host.serving() == "two"


@pytest.mark.parametrize("answer", ["503", "500", "404", "301", "000"])
def test_any_answer_but_200_brings_the_old_one_back(host: Host, answer: str) -> None:
    ended = checked(host, health=answer)

    assert ended.status == 1
    assert f"/readyz answered {answer}; timed out after 10 s" in ended.err
    assert host.serving() == "one"
    assert list(host.world["containers"]) == ["my-app"]


def test_a_proxy_in_the_hosts_environment_is_not_asked(host: Host) -> None:
    host.world["proxy"] = True

    assert checked(host).status == 0


def test_the_old_one_is_brought_back_in_an_order_that_can_be_gone_on_with(host: Host) -> None:
    checked(host, health="503")

    assert host.actions() == [
        "update my-app",
        "rename my-app my-app-failed",
        "stop my-app-failed",
        "update my-app-previous",
        "rename my-app-previous my-app",
        "start my-app",
        "rm my-app-failed",
    ]


def test_what_was_brought_back_comes_back_after_a_reboot_too(host: Host) -> None:
    checked(host, health="503")

    host.reboot()

    assert host.serving() == "one"


def test_the_rollback_that_follows_finds_nothing_to_do(host: Host) -> None:
    checked(host, health="503")
    host.fault("docker (login|pull)", "no route to host")
    host.actions()

    host.deploy("one")

    assert host.actions() == ["tag", "aws ssm get-parameters-by-path", "update my-app"]


def test_the_message_comes_last_after_the_log_because_the_console_shows_the_end(host: Host) -> None:
    ended = checked(host, health="503")

    assert "the last words of the container" in ended.out
    assert "The previous container, commit one, serves again" in ended.out
    assert ended.err.startswith("ERROR: commit two is not healthy on this host\n  why:  /readyz answered 503")
    assert "next: see /my-app/prod/app in CloudWatch Logs" in ended.err


@pytest.mark.parametrize("state", ["exited", "dead"])
def test_a_container_that_has_ended_is_not_waited_for_to_the_last_second(host: Host, state: str) -> None:
    host.revision("two", health_seconds=20)
    host.world["slept"] = 0

    ended = checked(host, state=state)

    assert f"my-app is {state}, exit code 0, after 0 restarts" in ended.err
    assert host.world["slept"] < 12
    assert host.serving() == "one"


def test_a_container_that_is_being_restarted_is_not_healthy(host: Host) -> None:
    ended = checked(host, state="restarting")

    assert "my-app is restarting" in ended.err
    assert host.serving() == "one"


def test_a_crash_loop_is_seen_between_the_answers(host: Host) -> None:
    host.revision("two", health_seconds=1000)
    host.world["restarts_at_each_look"] = True
    host.world["slept"] = 0

    ended = checked(host)

    assert "was restarted" in ended.err
    assert host.world["slept"] < 20
    assert host.serving() == "one"


def test_another_revision_that_runs_is_left_alone(host: Host) -> None:
    host.deploy("two")

    ended = host.check("one")

    assert ended.status == 1
    assert "my-app runs commit two" in ended.err
    assert host.serving() == "two"


def test_a_newer_deployment_is_not_undone_by_the_check_of_an_older_one(host: Host) -> None:
    host.build("three")
    host.start("two")
    host.start("three")

    ended = host.check("two")

    assert ended.status == 1
    assert "my-app does not belong to this deployment: left unchanged" in ended.out
    assert host.serving() == "three"


@pytest.mark.parametrize(
    "version", ["", "<html>", "[]", "{}", '{"commit": null}', '{"commit": 5}', '{"commit": "tw"}']
)
def test_a_service_need_not_tell_its_commit(host: Host, version: str) -> None:
    assert checked(host, version=version).status == 0


def test_a_service_that_tells_another_commit_is_not_the_one_that_was_deployed(host: Host) -> None:
    ended = checked(host, version=json.dumps({"commit": "one"}))

    assert "/version reports commit 'one', not two" in ended.err
    assert host.serving() == "one"


def test_a_first_deployment_that_fails_leaves_its_container_to_be_looked_at(new_host: Host) -> None:
    new_host.build("one", health="503")
    new_host.start("one")

    ended = new_host.check("one")

    assert ended.status == 1
    assert "there is no previous container to restore" in ended.out
    assert list(new_host.world["containers"]) == ["my-app"]


def test_a_first_deployment_that_failed_is_followed_by_one_that_succeeds(new_host: Host) -> None:
    new_host.build("one", health="503")
    new_host.start("one")
    new_host.check("one")

    new_host.deploy("two")

    assert new_host.serving() == "two"
    assert list(new_host.world["containers"]) == ["my-app"]


def test_a_check_whose_time_is_up_brings_the_old_one_back(host: Host) -> None:
    host.build("two", health="503")
    host.start("two")
    host.world["signal_at_request"] = signal.SIGTERM

    ended = host.check("two")

    assert ended.status == 1
    assert "the check was terminated by signal 15" in ended.err
    assert host.serving() == "one"


def test_it_says_so_if_the_old_one_does_not_answer_either(host: Host) -> None:
    host.build("one", health="500")

    ended = checked(host, health="503")

    assert "commit one, runs again, but answers 500" in ended.err
    assert host.serving() == "one"


def test_it_says_so_if_the_old_one_cannot_be_started(host: Host) -> None:
    host.build("two", health="503")
    host.start("two")
    host.fault("docker start", "port is already allocated")

    ended = host.check("two")

    assert "No container runs on this host" in ended.err
    host.mend()
    host.deploy("one")
    assert host.serving() == "one"


def test_what_is_on_probation_is_not_what_a_failing_successor_goes_back_to(host: Host) -> None:
    host.start("two")
    host.build("three", health="503")
    host.start("three")

    host.check("three")

    assert host.serving() == "one"


def test_docker_may_be_restarted_while_it_waits(host: Host) -> None:
    host.start("two")
    host.fault("docker container inspect", "Cannot connect to the Docker daemon", times=2)

    assert host.check("two").status == 0
