"""The steps of a rehearsal in an account, in order: how to find out that each is done, and how to do it.

Whether a step is done is read from AWS. The steps do what the commands do.
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

A_PERSON = 60  # minutes to wait for a manual step
STARTING = 20  # minutes to wait for hosts to start
RINGING = 5  # minutes to wait for an alarm's action
ALARM = "ALARM"
GOES_ON = "then run this command again: it continues here"
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
    """A step. do: does it, and returns its result as text. Raises SlipwayError if it fails.

    found: returns the result as text if the step is done already, according to AWS, else "". Default: "", for
    steps that may be repeated, such as an apply.
    """

    name: str
    do: Callable[[Sandbox], str]
    found: Callable[[Sandbox], str] = lambda _sandbox: ""


def look_at_account(sandbox: Sandbox) -> str:
    """Run the checks of `slipway doctor` that concern the account before a first apply."""
    checks = [check for look in LOOKS for check in look(sandbox.project, sandbox.aws)]
    todo = [check for check in checks if check.state == "todo"]
    if todo:
        raise SlipwayError(
            "the account is not ready",
            why="\n".join(check.what for check in todo),
            then="\n".join(check.then for check in todo),
        )
    return f"{len(checks)} checks passed"


def bucket_found(sandbox: Sandbox) -> str:
    """The state bucket, if it exists with all protections."""
    bucket = sandbox.state_bucket
    whole = bucket.exists() and all(protection.holds(bucket) for protection in PROTECTIONS)
    return f"{bucket.name} exists, with all protections" if whole else ""


def make_bucket(sandbox: Sandbox) -> str:
    """Do what `slipway bootstrap` does."""
    bootstrap(sandbox.state_bucket, lambda line: message(f"   {line}"))
    return sandbox.state_bucket.name


def apply_foundation(sandbox: Sandbox) -> str:
    """Apply the foundation stack."""
    return sandbox.apply(sandbox.project.names.foundation_stack)


def handshake_found(sandbox: Sandbox) -> str:
    """The connection, if it is completed or none is needed."""
    source = sandbox.team.source
    if source.s3:
        return "no connection is needed: the settings have an S3 source"
    if source.provider == "GitHubEnterpriseServer" and not source.connection_arn:
        return "not rehearsed: a connection to GitHub Enterprise Server needs a host that is created by hand"
    return "" if waiting_for_handshake(sandbox) else "the connection is AVAILABLE"


def waiting_for_handshake(sandbox: Sandbox) -> str:
    """What is still to do for the connection; "" if nothing."""
    source, names, aws = sandbox.team.source, sandbox.project.names, sandbox.aws
    if source.connection_arn:
        return _todo([_of_arn(sandbox, source.connection_arn)])
    found = connections.named(aws, names.connection)
    if found is None:
        return f"the connection {names.connection} does not exist"
    return _todo([delivery.handshake(names.connection, found[1], names.region)])


def _of_arn(sandbox: Sandbox, arn: str) -> Check:
    return delivery.handshake(arn, connections.status(sandbox.aws, arn), sandbox.project.names.region)


def complete_handshake(sandbox: Sandbox) -> str:
    """Create a connection as the foundation stack does for a repository, and wait until it is completed."""
    names, source = sandbox.project.names, sandbox.team.source
    if not source.connection_arn and connections.named(sandbox.aws, names.connection) is None:
        tags = {**sandbox.project.settings.tags, "service": names.service}
        connections.make(sandbox.aws, names.connection, source.provider, tags)
    sandbox.waiting.until(
        lambda: waiting_for_handshake(sandbox), A_PERSON, then=f"complete the connection, {GOES_ON}"
    )
    return "the connection is AVAILABLE"


def waiting_for_emails(sandbox: Sandbox) -> str:
    """Which addresses have not confirmed their subscription yet; "" if all have."""
    return _todo(delivery.subscribers(sandbox.project, sandbox.aws))


def emails_found(sandbox: Sandbox) -> str:
    """A text that says that every address has confirmed; "" if not."""
    return "" if waiting_for_emails(sandbox) else "every address has confirmed its subscription"


def confirm_emails(sandbox: Sandbox) -> str:
    """Wait until every address has confirmed its subscription."""
    sandbox.waiting.until(
        lambda: waiting_for_emails(sandbox), A_PERSON, then=f"open the link in AWS's e-mail, {GOES_ON}"
    )
    return "every address has confirmed its subscription"


def apply_the_rest(sandbox: Sandbox) -> str:
    """Apply every stack except for the foundation stack."""
    first = sandbox.project.names.foundation_stack
    return sandbox.apply(*(name for name in sandbox.project.names.stacks if name != first))


def start_hosts(sandbox: Sandbox) -> str:
    """Wait until the hosts are in service. Raises SlipwayError if Auto Scaling could not start one."""

    def look() -> str:
        refused = [
            launch for launch in hosts.launches(sandbox.project, sandbox.aws) if launch.state == "todo"
        ]
        if refused:
            raise SlipwayError(refused[0].what, why=refused[0].why, then=refused[0].then)
        there = [host for host in sandbox.status().hosts if host.lifecycle == "InService"]
        wanted = sandbox.project.settings.environments[0].minimum_hosts
        return "" if len(there) >= wanted else f"{len(there)} of {wanted} hosts are in service"

    sandbox.waiting.until(
        look, STARTING, then=f"find out with slipway status why they do not start, {GOES_ON}"
    )
    return f"{len(sandbox.status().hosts)} hosts are in service"


def good_release(release: str) -> RehearsalStep:
    """A step that deploys a working release."""

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
    """The broken release, if it failed and CodeDeploy rolled back."""
    became = uploads.find(sandbox, BROKEN)
    failed = became.deployment if became else None
    if failed is None or failed.status != codedeploy.FAILED or not failed.rolled_back_by:
        return ""
    undone = codedeploy.deployment(sandbox.aws, failed.rolled_back_by)
    return f"{failed.id} failed, and {undone.id} rolled it back" if undone.succeeded else ""


def release_broken(sandbox: Sandbox) -> str:
    """Deploy a release that never becomes ready; it must fail, and CodeDeploy must roll back."""
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
            f"{failed.id} failed, but CodeDeploy did not roll back",
            why=failed.rollback_message or failed.error,
            then="look at the deployment in AWS's console",
        )
    first = uploads.find(sandbox, FIRST)
    _all_run(sandbox, first.commit if first else "")
    return words


def rollback_found(sandbox: Sandbox) -> str:
    """The rollback, if it is done and the pipeline is not paused."""
    stage = require_stage(sandbox.aws, sandbox.project.names, sandbox.environment.environment)
    return _gone_back(sandbox) if stage.transition.enabled else ""


def _gone_back(sandbox: Sandbox) -> str:
    """The rollback as text, if the first release runs again after the second had succeeded; else ""."""
    first, second = uploads.find(sandbox, FIRST), uploads.find(sandbox, SECOND)
    release = sandbox.status().release
    if first and second and _went_well(second) and release and release.commit == first.commit:
        return f"{release.commit} runs again, deployed by {release.deployment}"
    return ""


def roll_back(sandbox: Sandbox) -> str:
    """Do what `slipway rollback` and `slipway resume` do."""
    if not _gone_back(sandbox):
        _go_back(sandbox)
    enable_transition(sandbox.project.names, sandbox.environment.environment).send(sandbox.aws)
    words = rollback_found(sandbox)
    if not words:
        raise SlipwayError(
            "the first release does not run after the rollback", then="slipway releases lists what ran"
        )
    return words


def _go_back(sandbox: Sandbox) -> None:
    aws = sandbox.aws
    reader = CatalogReader.of(aws, sandbox.project.names, [sandbox.environment])
    now = situation.read(reader)
    if now.in_progress:  # started by an interrupted rehearsal
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
    """Check that every alarm notifies the topic, and that the topic has confirmed subscribers."""
    found = sandbox.status().alarms
    confirmed = subscriptions(sandbox.aws, sandbox.project.names.topic_arn) or {}
    lines = list(alert_delivery.lines(found, sandbox.project.names.topic, confirmed))
    if not found or any(line.startswith("warning") for line in lines) or not all(confirmed.values()):
        raise SlipwayError(
            "alerts are not delivered",
            why="\n".join(lines or ["there are no alarms"]),
            then=f"solve the problem, {GOES_ON}",
        )
    return f"{lines[0]}; {_states(found)}; {_rung(sandbox, found)}"


def _rung(sandbox: Sandbox, alarms: Sequence[AlarmState]) -> str:
    """Set an alarm to ALARM for a moment: only this shows whether CloudWatch may publish to the topic."""
    quiet = [alarm for alarm in alarms if alarm.state != ALARM]
    if not quiet:
        raise SlipwayError(
            "every alarm is in ALARM already", then="solve the problems: slipway status lists them"
        )
    chosen = min(quiet, key=lambda alarm: alarm.stops_releases)
    before = len(actions_taken(sandbox.aws, chosen.name))
    set_state(sandbox.aws, chosen.name, ALARM)
    try:
        sandbox.waiting.until(
            lambda: (
                f"waiting for the action of {chosen.name}"
                if len(actions_taken(sandbox.aws, chosen.name)) == before
                else ""
            ),
            RINGING,
            then="look at the alarm's history in AWS's console",
        )
        said = actions_taken(sandbox.aws, chosen.name)
    finally:
        set_state(sandbox.aws, chosen.name, chosen.state)
    if not said[0].startswith("Successfully"):
        raise SlipwayError(
            f"{chosen.name} is in ALARM, but its notification failed",
            why=said[0],
            then="allow cloudwatch.amazonaws.com in the policies of the topic and of its KMS key",
        )
    return f"{chosen.name} was set to ALARM and published to the topic: check that its e-mail arrived"


def _states(alarms: Iterable[AlarmState]) -> str:
    states = [alarm.state for alarm in alarms]
    return ", ".join(f"{states.count(state)} {state}" for state in sorted(set(states)))


def replacement_found(sandbox: Sandbox) -> str:
    """The hosts, if Auto Scaling has started more than exist now, and all run the same release."""
    status = sandbox.status()
    names = [asg for group in _groups(sandbox) for asg in group]
    started = sum(launched(sandbox.aws, name) for name in names)
    if started > len(status.hosts) > 0 and not _differing(sandbox):
        return f"{started} hosts were started, {len(status.hosts)} exist, and all run {_running(sandbox)}"
    return ""


def replace_host(sandbox: Sandbox) -> str:
    """Terminate one host, and wait until a new one runs the release."""
    found = scaling_groups(sandbox.aws, [asg for group in _groups(sandbox) for asg in group])
    present = sorted(instance.id for group in found.values() for instance in group.instances)
    if sum(launched(sandbox.aws, group) for group in found) <= len(present):
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
    return [group.auto_scaling_groups for group in found.values()]


def _running(sandbox: Sandbox) -> str:
    release = sandbox.status().release
    return release.commit if release else ""


def _differing(sandbox: Sandbox) -> str:
    """How many hosts are healthy and run the release; "" if enough do."""
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
    """Wait until every host runs a commit that has just been deployed."""

    def look() -> str:
        running = _running(sandbox)
        return _differing(sandbox) if running == commit else f"{running} runs, not {commit}"

    sandbox.waiting.until(look, STARTING, then=f"slipway status shows the hosts; {GOES_ON}")


def _ended_otherwise(became: UploadedRelease) -> SlipwayError:
    at = f" at {became.doing}" if became.doing else ""
    return SlipwayError(
        f"the pipeline's execution has the unexpected status {became.status}{at}",
        why=became.error or (became.deployment.error if became.deployment else ""),
        then=f"solve the problem, {GOES_ON}",
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
