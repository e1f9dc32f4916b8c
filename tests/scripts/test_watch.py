"""watch.sh watches what is new while it takes requests, and nothing that is a way back."""

import pytest

from tests.scripts.host import BUILT_AT, Ended, Host

MINUTES = 2
LOOKS = MINUTES * 6
AFTER = "2026-11-02T10:05:00.123000+00:00"
BEFORE = "2026-11-02T09:55:00.123000+00:00"
AFTER_IN_SECONDS, BEFORE_IN_SECONDS = "1793613900.123", "1793613300"


def watched(host: Host, commit: str = "two") -> Ended:
    """Deploy a commit that is healthy, and watch it."""
    host.watch_minutes = MINUTES
    host.deploy(commit)
    host.world["slept"] = 0
    return host.watch(commit)


def test_a_release_is_watched_to_the_end_in_short_steps(host: Host) -> None:
    ended = watched(host)

    assert (ended.status, ended.err) == (0, "")
    assert host.world["published"] == ["my-app/prod Watching 1"] * LOOKS
    assert host.world["slept"] == MINUTES * 60
    assert "Watching commit two for 120 s" in ended.out


@pytest.mark.parametrize("alarm", ["release-5xx", "release-latency", "target-5xx", "latency"])
def test_it_fails_as_soon_as_an_alarm_is_on(host: Host, alarm: str) -> None:
    host.world["alarms_at"] = {3: {f"my-app-prod-{alarm}": AFTER}}

    ended = watched(host)

    assert ended.status == 1
    assert len(host.world["published"]) == 3
    assert f"an alarm went off while commit two was watched\n  why:  my-app-prod-{alarm}" in ended.err


def test_alarms_of_other_environments_are_not_its_business(host: Host) -> None:
    host.world["alarms"] = {"my-app-staging-target-5xx": AFTER, "my-app-prod-alb-5xx": AFTER}

    assert watched(host).status == 0


@pytest.mark.parametrize("since", [BEFORE, BEFORE_IN_SECONDS])
def test_what_was_on_before_the_commit_was_built_may_be_what_it_repairs(host: Host, since: str) -> None:
    host.world["alarms"] = {"my-app-prod-target-5xx": since}

    ended = watched(host)

    assert (ended.status, host.world["published"]) == (0, [])
    assert "my-app-prod-target-5xx has been in ALARM since 2026-11-02T09:55:00" in ended.err


@pytest.mark.parametrize("since", [AFTER, AFTER_IN_SECONDS])
def test_what_came_on_since_it_was_built_stops_it_at_once(host: Host, since: str) -> None:
    """The host before this one has it already."""
    host.world["alarms"] = {"my-app-prod-target-5xx": since}

    assert watched(host).status == 1
    assert len(host.world["published"]) == 1


@pytest.mark.parametrize("commits", [("two", "one"), ("two", "two", "one")])
def test_a_way_back_is_not_watched(host: Host, commits: tuple[str, ...]) -> None:
    host.watch_minutes = MINUTES
    for commit in commits:
        host.deploy(commit)
    host.world["alarms"] = {"my-app-prod-target-5xx": AFTER}

    ended = host.watch(commits[-1])

    assert (ended.status, host.world["published"]) == (0, [])
    assert "this is a rollback" in ended.out


def forget_times(host: Host) -> None:
    """Images that are made of the same layers have the same time."""
    host.watch_minutes = MINUTES
    for commit in ("one", "two"):
        image = host.revision(commit) / "image.json"
        image.write_text(image.read_text().replace(BUILT_AT[commit], BUILT_AT["one"]))


def test_what_ran_here_before_is_a_way_back_whatever_its_time(host: Host) -> None:
    forget_times(host)
    assert watched(host).status == 0
    host.world["published"] = []

    assert "this is a rollback" in watched(host, "one").out
    assert host.world["published"] == []


def test_what_was_gone_back_from_is_watched_when_it_comes_again(host: Host) -> None:
    forget_times(host)
    for commit in ("two", "one"):
        host.deploy(commit)

    assert "Watching commit two" in watched(host).out


def test_a_host_that_has_forgotten_what_ran_goes_by_the_time(host: Host) -> None:
    host.deploy("two")
    (host.path / "run" / "my-app.releases").unlink()

    assert "this is a rollback" in watched(host, "one").out


def test_a_hosts_first_release_is_not_watched(new_host: Host) -> None:
    ended = watched(new_host, "one")

    assert (ended.status, new_host.world["published"]) == (0, [])
    assert "replaced nothing on this host" in ended.out


def test_the_revision_that_ran_before_is_not_watched(host: Host) -> None:
    """With another configuration its container is another one; left alone, it is not."""
    assert "replaced nothing on this host" in watched(host, "one").out
    host.world["parameters"] = [{"Name": "/my-app/prod/GREETING", "Value": "another"}]
    assert "the same revision ran before" in watched(host, "one").out
    assert host.world["published"] == []


def test_what_another_deployment_has_replaced_does_not_count(host: Host) -> None:
    watched(host)
    (host.path / "run" / "my-app.replaced").write_text("d-other older\n")

    assert "replaced nothing" in host.watch("two").out


def test_nothing_is_watched_unless_the_settings_say_so(host: Host) -> None:
    host.deploy("two")

    ended = host.watch("two")

    assert (ended.status, host.world["published"]) == (0, [])
    assert "releases into prod are not watched" in ended.out


@pytest.mark.parametrize(
    "says", ["", "{}", '{"watch_minutes": {"prod": "5"}}', '{"watch_minutes": {"test": 5}}']
)
def test_a_revision_that_does_not_say_for_how_long_is_not_watched(host: Host, says: str) -> None:
    host.deploy("two")
    (host.revision("two") / "app.json").write_text(says)

    ended = host.watch("two")

    assert (ended.status, host.world["published"]) == (0, [])


def test_a_cloudwatch_that_does_not_answer_fails_no_release_and_is_told_once(host: Host) -> None:
    host.fault("aws cloudwatch", "AccessDenied")

    ended = watched(host)

    assert ended.status == 0
    assert ended.err.count("the metric Watching cannot be published") == 1
    assert "the alarms could never be read" in ended.err


def test_a_look_that_fails_now_and_then_changes_nothing(host: Host) -> None:
    host.fault("aws cloudwatch describe-alarms", "Throttling", times=2)
    host.world["alarms_at"] = {3: {"my-app-prod-release-5xx": AFTER}}

    assert watched(host).status == 1
