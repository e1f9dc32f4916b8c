"""The steps of a rehearsal in an account, in order: how each is known to be done, and what does it.

Whether one is done is asked of AWS. What does it is what the commands of a first hour do.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from slipway.account_rehearsal import uploads
from slipway.account_rehearsal.archive import BROKEN, FIRST, SECOND
from slipway.account_rehearsal.sandbox import Sandbox
from slipway.account_rehearsal.uploads import UploadedRelease
from slipway.aws import codedeploy, connections, revisions
from slipway.aws.alarms import AlarmState, actions_taken, set_state
from slipway.aws.codepipeline import require_stage
from slipway.aws.hosts import launched, scaling_groups, terminate
from slipway.aws.requests import enable_transition
from slipway.aws.subscriptions import subscriptions
from slipway.console import message
from slipway.console.errors import SlipwayError
from slipway.doctor import account, delivery, hosts, quotas, region
from slipway.doctor.check import Check
from slipway.releases import alert_delivery, situation, watch
from slipway.releases.decision import decide
from slipway.releases.execute import PlanExecution
from slipway.releases.plan import ReleaseOptions
from slipway.releases.read import CatalogReader
from slipway.terraform.state.bootstrap import bootstrap
from slipway.terraform.state.protections import PROTECTIONS

A_PERSON = 60  # minutes that a person gets for what only a person can do
STARTING = 20  # minutes that hosts get to start
RINGING = 5  # minutes that an alarm gets to do something
ALARM = "ALARM"
GOES_ON = "then run this again: it goes on from here"
LOOKS = (
    account.region,
    region.services,
    region.places,
    quotas.room,
    quotas.rules,
    quotas.builds,
    hosts.volumes,
)


@dataclass(frozen=True)
class RehearsalStep:
    """A step. found: what AWS says of it where it is done already, else ""; do: does it, and says what came.

    Where the doing itself finds what is done, as Terraform does, nothing is asked before.
    """

    name: str
    do: Callable[[Sandbox], str]
    found: Callable[[Sandbox], str] = lambda _sandbox: ""


def look_at_account(sandbox: Sandbox) -> str:
    """What `slipway doctor` asks of an account before a first apply."""
    checks = [check for look in LOOKS for check in look(sandbox.project, sandbox.aws)]
    todo = [each for each in checks if each.state == "todo"]
    if todo:
        raise SlipwayError(
            "the account is not ready",
            why="\n".join(each.what for each in todo),
            then="\n".join(each.then for each in todo),
        )
    return f"{len(checks)} things asked, nothing to do"


def bucket_found(sandbox: Sandbox) -> str:
    """The state bucket, if it is there with all that protects it."""
    bucket = sandbox.state_bucket
    whole = bucket.exists() and all(protection.holds(bucket) for protection in PROTECTIONS)
    return f"{bucket.name} exists, with all protections" if whole else ""


def make_bucket(sandbox: Sandbox) -> str:
    """What `slipway bootstrap` does."""
    bootstrap(sandbox.state_bucket, lambda line: message(f"   {line}"))
    return sandbox.state_bucket.name


def apply_foundation(sandbox: Sandbox) -> str:
    """The stack that comes first."""
    return sandbox.apply(sandbox.project.names.foundation_stack)


def handshake_found(sandbox: Sandbox) -> str:
    """The connection, if a person has completed it, or if none is to be made."""
    source = sandbox.team.source
    if source.s3:
        return "the settings have no repository: there is no connection to complete"
    if source.provider == "GitHubEnterpriseServer" and not source.connection_arn:
        return (
            "not rehearsed: a connection to GitHub Enterprise Server needs a host that a person makes first"
        )
    return "" if waiting_for_handshake(sandbox) else "the connection is AVAILABLE"


def waiting_for_handshake(sandbox: Sandbox) -> str:
    """What a person has still to do for the connection; "" if nothing."""
    source, names, aws = sandbox.team.source, sandbox.project.names, sandbox.aws
    if source.connection_arn:
        return _todo([_of_arn(sandbox, source.connection_arn)])
    found = connections.named(aws, names.connection)
    if found is None:
        return f"there is no connection {names.connection}"
    return _todo([delivery.handshake(names.connection, found[1], names.region)])


def _of_arn(sandbox: Sandbox, arn: str) -> Check:
    return delivery.handshake(arn, connections.status(sandbox.aws, arn), sandbox.project.names.region)


def complete_handshake(sandbox: Sandbox) -> str:
    """Make a connection as the foundation makes one for a repository, and wait for the person."""
    names, source = sandbox.project.names, sandbox.team.source
    if not source.connection_arn and connections.named(sandbox.aws, names.connection) is None:
        tags = {**sandbox.project.settings.tags, "service": names.service}
        connections.make(sandbox.aws, names.connection, source.provider, tags)
    sandbox.waiting.until(
        lambda: waiting_for_handshake(sandbox), A_PERSON, then=f"complete the connection, {GOES_ON}"
    )
    return "the connection is AVAILABLE"


def waiting_for_emails(sandbox: Sandbox) -> str:
    """Which addresses have still to confirm; "" if all have."""
    return _todo(delivery.subscribers(sandbox.project, sandbox.aws))


def emails_found(sandbox: Sandbox) -> str:
    """The addresses, if all have confirmed."""
    return "" if waiting_for_emails(sandbox) else "every address has confirmed its subscription"


def confirm_emails(sandbox: Sandbox) -> str:
    """Wait for the people whom AWS has written to."""
    sandbox.waiting.until(
        lambda: waiting_for_emails(sandbox), A_PERSON, then=f"follow the link in AWS's e-mail, {GOES_ON}"
    )
    return "every address has confirmed its subscription"


def apply_the_rest(sandbox: Sandbox) -> str:
    """Apply every stack but those that were applied before."""
    first = sandbox.project.names.foundation_stack
    return sandbox.apply(*(name for name in sandbox.project.names.stacks if name != first))


def start_hosts(sandbox: Sandbox) -> str:
    """Wait for Auto Scaling; what it could not start is an error."""

    def look() -> str:
        refused = [
            launch for launch in hosts.launches(sandbox.project, sandbox.aws) if launch.state == "todo"
        ]
        if refused:
            raise SlipwayError(refused[0].what, why=refused[0].why, then=refused[0].then)
        there = [host for host in sandbox.status().hosts if host.lifecycle == "InService"]
        wanted = sandbox.project.settings.environments[0].minimum_hosts
        return "" if len(there) >= wanted else f"{len(there)} of {wanted} hosts are in service"

    sandbox.waiting.until(look, STARTING, then=f"see why they do not start, {GOES_ON}")
    return f"{len(sandbox.status().hosts)} hosts are in service"


def good_release(release: str) -> RehearsalStep:
    """The step that releases something that works."""

    def found(sandbox: Sandbox) -> str:
        return _went_well(uploads.find(sandbox, release))

    def do(sandbox: Sandbox) -> str:
        became = uploads.released(sandbox, release)
        words = _went_well(became)
        if not words:
            raise _ended_otherwise(became)
        _all_run(sandbox, became.commit)
        return words

    return RehearsalStep(f"{release} release", do, found)


def _went_well(became: UploadedRelease | None) -> str:
    if became and became.deployment and became.deployment.succeeded and became.status == "Succeeded":
        return f"{became.commit} was deployed by {became.deployment.id}"
    return ""


def broken_found(sandbox: Sandbox) -> str:
    """The broken release, if CodeDeploy caught it and went back."""
    became = uploads.find(sandbox, BROKEN)
    failed = became.deployment if became else None
    if failed is None or failed.status != codedeploy.FAILED or not failed.rolled_back_by:
        return ""
    undone = codedeploy.deployment(sandbox.aws, failed.rolled_back_by)
    return f"{failed.id} failed, and {undone.id} took it back" if undone.succeeded else ""


def release_broken(sandbox: Sandbox) -> str:
    """A release that never gets ready has to fail, and be taken back by CodeDeploy itself."""
    became = uploads.released(sandbox, BROKEN)
    failed = became.deployment
    if failed is None or failed.status != codedeploy.FAILED:
        raise _ended_otherwise(became)
    if not failed.rolled_back_by:
        failed = watch.watch(sandbox.aws, failed.id)
    if failed.rolled_back_by:
        watch.require_success(watch.watch(sandbox.aws, failed.rolled_back_by))
    words = broken_found(sandbox)
    if not words:
        raise SlipwayError(
            f"{failed.id} failed, and CodeDeploy did not take it back",
            why=failed.rollback_message or failed.error,
            then="see the deployment in AWS's console",
        )
    first = uploads.find(sandbox, FIRST)
    _all_run(sandbox, first.commit if first else "")
    return words


def rollback_found(sandbox: Sandbox) -> str:
    """The rollback, if it is done and the pipeline goes on."""
    stage = require_stage(sandbox.aws, sandbox.project.names, sandbox.environment.environment)
    return _gone_back(sandbox) if stage.transition.enabled else ""


def _gone_back(sandbox: Sandbox) -> str:
    """Whether the first release runs again though the second succeeded, in words."""
    first, second = uploads.find(sandbox, FIRST), uploads.find(sandbox, SECOND)
    release = sandbox.status().release
    if first and second and _went_well(second) and release and release.commit == first.commit:
        return f"{release.commit} runs again, by {release.deployment}"
    return ""


def roll_back(sandbox: Sandbox) -> str:
    """What `slipway rollback` and `slipway resume` do."""
    if not _gone_back(sandbox):
        _go_back(sandbox)
    enable_transition(sandbox.project.names, sandbox.environment.environment).send(sandbox.aws)
    words = rollback_found(sandbox)
    if not words:
        raise SlipwayError(
            "the rollback did not bring the first release", then="slipway releases lists what ran"
        )
    return words


def _go_back(sandbox: Sandbox) -> None:
    aws = sandbox.aws
    reader = CatalogReader.of(aws, sandbox.project.names, [sandbox.environment])
    now = situation.read(reader)
    if now.in_progress:  # an interrupted rehearsal began it
        watch.require_success(watch.watch(aws, now.in_progress.id))
        return
    options = ReleaseOptions(
        to=None, back=True, pause=True, who="the rehearsal", when=datetime.now(UTC), why="rehearsed"
    )
    plan = decide(now, options)
    place = revisions.locate(aws, plan.to_release.commit, plan.candidates(), reader.shipped)
    execution = PlanExecution(
        plan, aws, lambda deployment: watch.watch(aws, deployment), lambda line: message(f"   {line}")
    )
    watch.require_success(execution.run(plan.steps(place)))


def check_alerts(sandbox: Sandbox) -> str:
    """Every alarm has to reach the topic, and the topic people."""
    found = sandbox.status().alarms
    confirmed = subscriptions(sandbox.aws, sandbox.project.names.topic_arn) or {}
    lines = list(alert_delivery.lines(found, sandbox.project.names.topic, confirmed))
    if not found or any(line.startswith("warning") for line in lines) or not all(confirmed.values()):
        raise SlipwayError("alarms do not reach people", why="\n".join(lines or ["there is no alarm"]))
    return f"{lines[0]}; {_states(found)}; {_rung(sandbox, found)}"


def _rung(sandbox: Sandbox, alarms: Sequence[AlarmState]) -> str:
    """Let an alarm go off for a moment: only then does CloudWatch say whether it may publish to the topic."""
    quiet = [alarm for alarm in alarms if alarm.state != ALARM]
    if not quiet:
        raise SlipwayError("every alarm is on already", then="slipway status shows them; mend what they name")
    chosen = min(quiet, key=lambda each: each.stops_releases)
    before = len(actions_taken(sandbox.aws, chosen.name))
    set_state(sandbox.aws, chosen.name, ALARM)
    try:
        sandbox.waiting.until(
            lambda: (
                f"waiting for what {chosen.name} does"
                if len(actions_taken(sandbox.aws, chosen.name)) == before
                else ""
            ),
            RINGING,
            then="see the alarm's history in AWS's console",
        )
        said = actions_taken(sandbox.aws, chosen.name)
    finally:
        set_state(sandbox.aws, chosen.name, chosen.state)
    if not said[0].startswith("Successfully"):
        raise SlipwayError(
            f"{chosen.name} went off, but its notification failed",
            why=said[0],
            then="see the policies of the topic and of its key: both have to let cloudwatch.amazonaws.com",
        )
    return f"{chosen.name} was let go off and published to the topic: an e-mail should be there"


def _states(alarms: Iterable[AlarmState]) -> str:
    states = [alarm.state for alarm in alarms]
    return ", ".join(f"{states.count(state)} {state}" for state in sorted(set(states)))


def replacement_found(sandbox: Sandbox) -> str:
    """A new host, if Auto Scaling has started more than there are, and all run the same release."""
    status = sandbox.status()
    names = [asg for group in _groups(sandbox) for asg in group]
    started = sum(launched(sandbox.aws, name) for name in names)
    if started > len(status.hosts) > 0 and not _differing(sandbox):
        return f"{started} hosts were started for {len(status.hosts)}, and all run {_running(sandbox)}"
    return ""


def replace_host(sandbox: Sandbox) -> str:
    """End one host, and wait until another has taken its place with the release that runs."""
    found = scaling_groups(sandbox.aws, [asg for group in _groups(sandbox) for asg in group])
    present = sorted(one.id for group in found.values() for one in group.instances)
    if sum(launched(sandbox.aws, each) for each in found) <= len(present):
        terminate(sandbox.aws, present[0])
        message(f"   terminated {present[0]}")
    sandbox.waiting.until(
        lambda: _differing(sandbox) or ("" if replacement_found(sandbox) else "waiting for a new host"),
        STARTING,
        then=f"slipway status shows the hosts; {GOES_ON}",
    )
    return replacement_found(sandbox)


def _groups(sandbox: Sandbox) -> list[tuple[str, ...]]:
    names = [sandbox.environment.deployment_group]
    found = codedeploy.deployment_groups(sandbox.aws, sandbox.project.names.application, names)
    return [each.auto_scaling_groups for each in found.values()]


def _running(sandbox: Sandbox) -> str:
    release = sandbox.status().release
    return release.commit if release else ""


def _differing(sandbox: Sandbox) -> str:
    """Which hosts do not run the release, or are not well; "" if all do and are."""
    status = sandbox.status()
    commit = status.release.commit if status.release else ""
    wanted = sandbox.project.settings.environments[0].minimum_hosts
    well = [
        host
        for host in status.hosts
        if host.lifecycle == "InService"
        and host.health == "healthy"
        and host.runs
        and host.runs.commit == commit
    ]
    return "" if len(well) >= wanted else f"{len(well)} of {wanted} hosts are healthy and run {commit}"


def _all_run(sandbox: Sandbox, commit: str) -> None:
    """Wait until every host runs a commit, which has just been deployed."""

    def look() -> str:
        running = _running(sandbox)
        return _differing(sandbox) if running == commit else f"{running} runs, not {commit}"

    sandbox.waiting.until(look, STARTING, then=f"slipway status shows the hosts; {GOES_ON}")


def _ended_otherwise(became: UploadedRelease) -> SlipwayError:
    at = f" at {became.doing}" if became.doing else ""
    return SlipwayError(
        f"the pipeline's execution is {became.status}{at}, which it should not be",
        why=became.error or (became.deployment.error if became.deployment else ""),
        then=f"correct what it names, {GOES_ON}",
    )


def _todo(checks: Iterable[Check]) -> str:
    return "; ".join(f"{check.what}: {check.then}" for check in checks if check.state == "todo")


STEPS = (
    RehearsalStep("the account", look_at_account),
    RehearsalStep("state bucket", make_bucket, bucket_found),
    RehearsalStep("apply the foundation", apply_foundation),
    RehearsalStep("handshake of the connection", complete_handshake, handshake_found),
    RehearsalStep("e-mails", confirm_emails, emails_found),
    RehearsalStep("apply the rest", apply_the_rest),
    RehearsalStep("hosts", start_hosts),
    good_release(FIRST),
    RehearsalStep("broken release", release_broken, broken_found),
    good_release(SECOND),
    RehearsalStep("rollback by hand", roll_back, rollback_found),
    RehearsalStep("alarms and topic", check_alerts),
    RehearsalStep("a host replaced", replace_host, replacement_found),
)
