"""Describes what a plan would do, for the confirmation. Pure."""

from collections.abc import Iterator

from plan_review.counts import counted
from slipway.aws.revisions import RevisionImage, RevisionLocation
from slipway.checkout.commits import Between
from slipway.console.shell import command_line
from slipway.releases.catalog import Release
from slipway.releases.plan import ReleasePlan


def preview(
    plan: ReleasePlan,
    *,
    location: RevisionLocation,
    image: RevisionImage,
    taken_back: Between,
    brought: Between,
) -> Iterator[str]:
    """The lines to print: what runs, what would run, commits removed and added, side effects."""
    name = plan.situation.name
    yield f"{name} runs       {_release(plan.from_release, name)}"
    change = "rolls back to" if plan.options.back else "would run"
    yield f"{change:<{len(name) + 11}} {plan.to_release.commit[:12]}"
    yield f"    revision  {location}" + (f", version {location.version}" if location.version else "")
    yield f"    image     {image.digest}, still in {plan.situation.names.repository}"
    yield ""
    yield from _commits(taken_back, brought)
    yield from _besides(plan)


def _release(release: Release | None, environment: str) -> str:
    if release is None:
        return "nothing yet"
    last = release.last.get(environment)
    since = f", since {last.completed or last.created:%Y-%m-%d %H:%M} UTC ({last.id})" if last else ""
    return f"{release.commit[:12]}{since}"


def _commits(taken_back: Between, brought: Between) -> Iterator[str]:
    if not (taken_back.known and brought.known):
        yield "The commits in between are not in this checkout; git fetch makes them visible."
        yield ""
        return
    for what, between in (("removes", taken_back), ("adds", brought)):
        if not between.lines:
            continue
        yield f"This {what} {counted(len(between.lines) + between.more, 'commit')}:"
        yield from (f"    {line}" for line in between.lines)
        if between.more:
            yield f"    … and {between.more} more"
        yield ""


def _besides(plan: ReleasePlan) -> Iterator[str]:
    name, situation, stage = plan.situation.name, plan.situation, plan.situation.stage
    if situation.stale_hosts:
        yield (
            f"Started from an older launch template: {', '.join(situation.stale_hosts)}."
            " A release that requires the newer one fails on these hosts until they are renewed."
        )
    if plan.stop:
        yield f"The deployment {plan.stop.id} is stopped first; CodeDeploy then rolls back automatically."
    if situation.in_alarm and not plan.via_auto_rollback:
        yield (
            f"In ALARM: {', '.join(situation.in_alarm)}. This deployment ignores the group's alarms, because "
            "it would not start otherwise; they stay configured. (codedeploy:UpdateDeploymentGroup)"
        )
    elif plan.overrides_alarms and not plan.via_auto_rollback:
        yield "This deployment ignores the group's alarms. (codedeploy:UpdateDeploymentGroup)"
    if plan.pauses:
        yield f"The pipeline will be paused before {name}, so that the next commit does not undo this."
    elif stage is None:
        yield f"No pipeline deploys to {name}, so none can undo this."
    elif not stage.transition.enabled:
        yield f"The pipeline is already paused before {name}: {stage.transition.reason}"
    elif plan.options.back:
        yield f"The pipeline will not be paused: the next commit is deployed to {name} and undoes this."
    if stage and stage.approval:
        commit = stage.approval.commit[:12] or "a release"
        reject = command_line("slipway", "reject", "--env", name)
        yield f"Warning: {commit} waits for approval into {name} and would undo this; to reject it: {reject}"
