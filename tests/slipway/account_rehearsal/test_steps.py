"""Each step: how it is known to be done, what it does, and what it refuses to call done."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from local.emulator.gaps.sns import confirm
from slipway.account_rehearsal import steps, uploads
from slipway.account_rehearsal.sandbox import Sandbox
from slipway.account_rehearsal.uploads import UploadedRelease
from slipway.aws import codedeploy, connections, sources
from slipway.aws.alarms import AlarmState
from slipway.aws.clients import Aws
from slipway.aws.codedeploy import Deployment, DeploymentTarget
from slipway.aws.hosts import Instance, ScalingGroup
from slipway.console.errors import SlipwayError
from slipway.doctor import hosts
from slipway.doctor.check import todo
from slipway.releases import watch
from slipway.status.model import EnvironmentStatus, HostStatus, RunningRelease
from tests.settings import ACCOUNT, CONNECTION_ARN, REGION, minimal
from tests.slipway.account_rehearsal.sandboxes import Clock, sandbox
from tests.slipway.accounts import emptied

NOW = datetime(2026, 11, 28, 21, 0, tzinfo=UTC)
S3_TEAM = minimal(source={"s3": {}})


@pytest.fixture
def aws() -> Iterator[Aws]:
    with emptied() as made:
        yield made


# --- what a person has to do


Made = dict[str, str]


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> Made:
    """The statuses of the account's connections by name, which moto has not in a test's own process."""
    known: Made = {}
    monkeypatch.setattr(
        connections,
        "named",
        lambda _, name: (name, known[name]) if name in known else None,
    )
    monkeypatch.setattr(connections, "status", lambda _, arn: known.get(arn, "MISSING"))

    def make(_aws: Aws, name: str, provider: str, tags: object) -> None:
        assert name not in known
        assert provider == "GitHub"
        assert tags
        known[name] = "PENDING"

    monkeypatch.setattr(connections, "make", make)
    return known


def test_the_connection_is_made_once_and_waited_for(tmp_path: Path, aws: Aws, made: Made) -> None:
    clock = Clock()
    here = sandbox(tmp_path, aws, clock=clock)
    assert steps.handshake_found(here) == ""
    with pytest.raises(SlipwayError, match="Update pending connection"):
        steps.complete_handshake(here)
    assert clock.now >= steps.A_PERSON * 60
    (name,) = made
    clock.meanwhile = lambda: made.update({name: "AVAILABLE"})
    steps.complete_handshake(here)
    assert steps.handshake_found(here) == "the connection is AVAILABLE"
    assert name == here.project.settings.service


def test_no_connection_is_made_where_the_settings_have_no_repository(tmp_path: Path, aws: Aws) -> None:
    assert "no connection is needed" in steps.handshake_found(sandbox(tmp_path, aws, S3_TEAM))


def test_a_connection_of_the_teams_own_is_asked_for_and_none_is_made(
    tmp_path: Path, aws: Aws, made: Made
) -> None:
    team = minimal(source={"repository": "example/my-app", "connection_arn": CONNECTION_ARN})
    here = sandbox(tmp_path, aws, team)
    assert steps.handshake_found(here) == ""
    with pytest.raises(SlipwayError, match=r"the connection \S+ does not exist"):
        steps.complete_handshake(here)
    assert made == {}
    made[CONNECTION_ARN] = "AVAILABLE"
    assert steps.handshake_found(here) == "the connection is AVAILABLE"


def test_every_address_has_to_confirm(tmp_path: Path, aws: Aws) -> None:
    clock = Clock()
    here = sandbox(tmp_path, aws, clock=clock)
    topic = aws.sns.create_topic(Name=here.project.names.topic)["TopicArn"]
    aws.sns.subscribe(TopicArn=topic, Protocol="email", Endpoint="team@example.com")
    assert steps.emails_found(here) == ""
    with pytest.raises(SlipwayError, match="open the link in AWS's e-mail"):
        steps.confirm_emails(here)
    clock.meanwhile = lambda: confirm(ACCOUNT, {"region": REGION})
    assert steps.confirm_emails(here) == steps.emails_found(here) != ""


# --- account and state bucket


def test_the_state_bucket_is_found_only_with_all_that_protects_it(tmp_path: Path, aws: Aws) -> None:
    here = sandbox(tmp_path, aws)
    assert steps.bucket_found(here) == ""
    steps.make_bucket(here)
    assert steps.bucket_found(here)
    aws.s3.delete_public_access_block(Bucket=here.state_bucket.name)
    assert steps.bucket_found(here) == ""


def test_an_account_that_is_not_ready_is_refused_with_what_to_do(
    tmp_path: Path, aws: Aws, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("slipway.aws.quotas.quota", lambda *_: 0)
    with pytest.raises(SlipwayError, match=r"the account is not ready[\s\S]*request-service-quota-increase"):
        steps.look_at_account(sandbox(tmp_path, aws))


# --- releases


def deployment(status: str, **more: object) -> Deployment:
    return replace(Deployment(id="d-1", group="g", status=status, created=NOW), **more)  # type: ignore[arg-type]


def status_of(
    commit: str, hosts: int = 2, *, health: str = "healthy", runs: str | None = None
) -> EnvironmentStatus:
    running = RunningRelease(commit=commit, digest="", deployment="d-1", since=NOW)
    on_host = running.model_copy(update={"commit": runs or commit})
    found = tuple(
        HostStatus(
            id=f"i-{number}",
            zone="a",
            lifecycle="InService",
            health=health,
            health_reason="",
            runs=on_host,
            newer=None,
            drifted=False,
            stale=False,
        )
        for number in range(hosts)
    )
    return EnvironmentStatus(
        name="sandbox",
        applied=True,
        release=running,
        deploying=None,
        hosts=found,
        hosts_differ=False,
        healthy=hosts,
        alarms=(),
        remarks=(),
    )


@pytest.fixture
def here(tmp_path: Path, aws: Aws) -> Sandbox:
    return sandbox(tmp_path, aws)


def came(monkeypatch: pytest.MonkeyPatch, **became: UploadedRelease | None) -> None:
    """What is found of each release, which nobody uploads any more."""
    monkeypatch.setattr(uploads, "find", lambda _, release: became.get(release))
    monkeypatch.setattr(uploads, "released", lambda _, release: became[release])


def runs(here: Sandbox, monkeypatch: pytest.MonkeyPatch, *found: EnvironmentStatus) -> None:
    answers = list(found)
    monkeypatch.setattr(Sandbox, "status", lambda _self: answers.pop(0) if len(answers) > 1 else answers[0])


GOOD = UploadedRelease(status="Succeeded", deployment=deployment("Succeeded"), commit="one")


def test_a_good_release_is_done_once_every_host_runs_it(
    here: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    step = steps.good_release("first")
    came(monkeypatch, first=None)
    assert step.found(here) == ""
    came(monkeypatch, first=GOOD)
    runs(here, monkeypatch, status_of("one", runs="zero"), status_of("one"))
    assert step.do(here) == step.found(here) == "one was deployed by d-1"


@pytest.mark.parametrize(
    "became",
    [
        UploadedRelease(status="Failed", doing="Build/Build", error="toomanyrequests"),
        UploadedRelease(status="Failed", deployment=deployment("Failed", error="toomanyrequests")),
    ],
    ids=["build", "deployment"],
)
def test_a_good_release_that_fails_is_told_with_awss_words(
    here: Sandbox, monkeypatch: pytest.MonkeyPatch, became: UploadedRelease
) -> None:
    came(monkeypatch, first=became)
    assert steps.good_release("first").found(here) == ""
    with pytest.raises(SlipwayError, match=r"unexpected status Failed[\s\S]*toomanyrequests"):
        steps.good_release("first").do(here)


@pytest.mark.parametrize("health", ["unhealthy", "initial", ""])
def test_a_release_on_hosts_that_are_not_well_is_none(
    here: Sandbox, monkeypatch: pytest.MonkeyPatch, health: str
) -> None:
    came(monkeypatch, first=GOOD)
    runs(here, monkeypatch, status_of("one", health=health))
    with pytest.raises(SlipwayError, match="0 of 2 hosts are healthy"):
        steps.good_release("first").do(here)


def test_the_broken_release_has_to_fail_and_to_be_taken_back(
    here: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    failed = UploadedRelease(
        status="Failed", deployment=deployment("Failed", rolled_back_by="d-2"), commit="two"
    )
    back = deployment("Succeeded", id="d-2", rolls_back="d-1")
    monkeypatch.setattr(codedeploy, "deployment", lambda _aws, _id: back)
    monkeypatch.setattr(watch, "watch", lambda _aws, _id: back)
    came(monkeypatch, first=GOOD, broken=failed)
    runs(here, monkeypatch, status_of("one"))
    assert steps.release_broken(here) == steps.broken_found(here) == "d-1 failed, and d-2 rolled it back"


@pytest.mark.parametrize(
    ("became", "words"),
    [
        (GOOD, "unexpected status Succeeded"),
        (UploadedRelease(status="Failed", doing="Build/Build", error="no"), "at Build/Build"),
    ],
    ids=["it ran", "its build failed"],
)
def test_a_broken_release_that_was_not_caught_on_a_host_proves_nothing(
    here: Sandbox, monkeypatch: pytest.MonkeyPatch, became: UploadedRelease, words: str
) -> None:
    came(monkeypatch, broken=became)
    assert steps.broken_found(here) == ""
    with pytest.raises(SlipwayError, match=words):
        steps.release_broken(here)


def test_a_broken_release_that_nothing_takes_back_is_told(
    here: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    failed = deployment("Failed", rollback_message="nothing to go back to")
    monkeypatch.setattr(watch, "watch", lambda _aws, _id: failed)
    came(monkeypatch, broken=UploadedRelease(status="Failed", deployment=failed))
    with pytest.raises(SlipwayError, match=r"did not roll back[\s\S]*nothing to go back to"):
        steps.release_broken(here)


@pytest.mark.parametrize(
    ("release", "words"),
    [
        (UploadedRelease(), "waiting for the pipeline to start"),
        (UploadedRelease(status="InProgress", doing="Build/Build"), "the pipeline runs Build/Build"),
        (
            UploadedRelease(
                status="InProgress",
                doing="sandbox/Deploy",
                deployment=deployment(
                    "InProgress",
                    targets=(
                        DeploymentTarget(id="i-1", status="Succeeded"),
                        DeploymentTarget(id="i-2", status="InProgress"),
                    ),
                ),
            ),
            "d-1: 1 of 2 hosts",
        ),
        (GOOD, ""),
    ],
)
def test_what_a_release_waits_for(release: UploadedRelease, words: str) -> None:
    assert words in release.waits
    assert bool(release.waits) == bool(words)


def test_an_upload_is_known_by_what_it_was_uploaded_as(aws: Aws) -> None:
    aws.s3.create_bucket(Bucket="uploads", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    aws.s3.put_bucket_versioning(Bucket="uploads", VersioningConfiguration={"Status": "Enabled"})
    first = sources.upload(aws, "uploads", "source.zip", b"1", release="first")
    second = sources.upload(aws, "uploads", "source.zip", b"2", release="second")
    sources.upload(aws, "uploads", "source.zip.other", b"3", release="first")
    assert set(sources.versions(aws, "uploads", "source.zip")) == {first, second}


# --- what runs


def test_alarms_have_to_reach_people(here: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    alarm = AlarmState(name="a", state="OK", since=NOW, notifies=True, stops_releases=False)
    confirmed: dict[str, bool] = {}
    monkeypatch.setattr(steps, "subscriptions", lambda *_: confirmed)
    monkeypatch.setattr(steps, "_rung", lambda *_: "it rang")

    def checked(alarm: AlarmState | None) -> str:
        alarms = (alarm,) if alarm else ()
        runs(here, monkeypatch, status_of("one").model_copy(update={"alarms": alarms}))
        return steps.check_alerts(here)

    for wrong, people in (
        (None, {"a@example.com": True}),
        (alarm, {}),
        (alarm, {"a@example.com": True, "b@example.com": False}),
        (alarm.model_copy(update={"notifies": False}), {"a@example.com": True}),
    ):
        confirmed.clear()
        confirmed.update(people)
        with pytest.raises(SlipwayError, match="alerts are not delivered"):
            checked(wrong)
    confirmed.clear()
    confirmed.update({"a@example.com": True})
    assert "1 of 1 enabled" in checked(alarm)


QUIET = AlarmState(name="quiet", state="OK", since=NOW, notifies=True, stops_releases=False)
STOPPING = QUIET.model_copy(update={"name": "stopping", "stops_releases": True})


def rung(
    here: Sandbox, monkeypatch: pytest.MonkeyPatch, says: str, *alarms: AlarmState
) -> tuple[str, list[tuple[str, str]]]:
    """An alarm is let go off, and CloudWatch says something; what came, and into which states it was put."""
    put, said = list[tuple[str, str]](), list[str]()
    monkeypatch.setattr(steps, "actions_taken", lambda *_: tuple(said))

    def set_state(_aws: Aws, name: str, state: str) -> None:
        put.append((name, state))
        if says and state == "ALARM":
            said.insert(0, says)

    monkeypatch.setattr(steps, "set_state", set_state)
    try:
        return steps._rung(here, alarms), put
    except SlipwayError as error:
        return str(error), put


def test_an_alarm_that_stops_no_release_is_let_go_off_and_put_back(
    here: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    words, put = rung(here, monkeypatch, "Successfully executed action arn", STOPPING, QUIET)
    assert "published to the topic" in words
    assert put == [("quiet", "ALARM"), ("quiet", "OK")]


@pytest.mark.parametrize(
    ("says", "words"),
    [
        ('Failed to execute action arn. Received error: "no access to the key"', "no access to the key"),
        ("", "timeout after 5 min"),
    ],
)
def test_an_alarm_that_reaches_nobody_is_told_and_put_back(
    here: Sandbox, monkeypatch: pytest.MonkeyPatch, says: str, words: str
) -> None:
    told, put = rung(here, monkeypatch, says, QUIET)
    assert words in told
    assert put[-1] == ("quiet", "OK")


def test_where_every_alarm_is_on_none_can_be_tried(here: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    on = QUIET.model_copy(update={"state": "ALARM"})
    assert "every alarm is in ALARM already" in rung(here, monkeypatch, "", on)[0]


def test_a_host_is_replaced_once(here: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    started, ended = [2], list[str]()
    monkeypatch.setattr(steps, "_groups", lambda _: [("asg",)])
    monkeypatch.setattr(steps, "launched", lambda *_: started[0])
    there = tuple(Instance(host.id, host.zone, host.lifecycle) for host in status_of("one").hosts)
    monkeypatch.setattr(steps, "scaling_groups", lambda *_: {"asg": ScalingGroup("asg", instances=there)})

    def terminate(_aws: Aws, instance: str) -> None:
        ended.append(instance)
        started[0] += 1

    monkeypatch.setattr(steps, "terminate", terminate)
    runs(here, monkeypatch, status_of("one"))
    assert steps.replacement_found(here) == ""
    assert "3 hosts were started, 2 exist" in steps.replace_host(here)
    assert ended == ["i-0"]
    steps.replace_host(here)  # interrupted while it waited
    assert ended == ["i-0"]


def test_a_new_host_without_the_release_is_no_replacement(
    here: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(steps, "_groups", lambda _: [("asg",)])
    monkeypatch.setattr(steps, "launched", lambda *_: 3)
    runs(here, monkeypatch, status_of("one", runs="zero"))
    assert steps.replacement_found(here) == ""


def test_hosts_that_auto_scaling_cannot_start_are_told_at_once(
    here: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused = todo("hosts", "the last action failed", why="no such type", then="choose another")
    monkeypatch.setattr(hosts, "launches", lambda *_: [refused])
    with pytest.raises(SlipwayError, match="no such type"):
        steps.start_hosts(here)


def test_the_steps_are_those_of_a_first_hour_in_their_order() -> None:
    assert [step.name for step in steps.STEPS] == [
        *("the account", "state bucket", "apply the foundation", "handshake of the connection", "e-mails"),
        *("apply the rest", "hosts", "first release", "broken release", "second release", "rollback by hand"),
        *("alarms and topic", "a host replaced"),
    ]
