"""Says what a plan would do, before anybody agrees to it. Pure."""

from collections.abc import Iterator

from plan_review.counts import counted
from slipway.aws.revisions import RevisionImage, RevisionLocation
from slipway.checkout.commits import Between
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
    """What runs, what would run, and what else happens."""
    name = plan.situation.name
    yield f"{name} runs       {_release(plan.from_release, name)}"
    change = "goes back to" if plan.options.back else "would run"
    yield f"{change:<{len(name) + 12}}{plan.to_release.commit[:12]}"
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
        yield "The commits in between are not in this checkout: git fetch, to see them."
        yield ""
        return
    for what, between in (("takes back", taken_back), ("brings", brought)):
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
            f"Started from an older launch template: {', '.join(situation.stale_hosts)}. A release that needs"
            " what was applied since refuses to run there, until they are renewed."
        )
    if plan.stop:
        yield f"The deployment {plan.stop.id} is stopped first; CodeDeploy then goes back by itself."
    if situation.in_alarm and not plan.via_auto_rollback:
        yield (
            f"In ALARM: {', '.join(situation.in_alarm)}. This one deployment overrides the group's alarms, "
            "or it would not start; the group keeps them. (codedeploy:UpdateDeploymentGroup)"
        )
    elif plan.overrides_alarms and not plan.via_auto_rollback:
        yield "This one deployment overrides the group's alarms. (codedeploy:UpdateDeploymentGroup)"
    if plan.pauses:
        yield f"The pipeline is paused before {name}, so that the next commit does not undo this."
    elif stage is None:
        yield f"There is no pipeline into {name} that could undo this."
    elif not stage.transition.enabled:
        yield f"The pipeline is paused before {name} already: {stage.transition.reason}"
    elif plan.options.back:
        yield f"The pipeline is not paused: the next commit goes into {name} and undoes this."
    if stage and stage.approval:
        commit = stage.approval.commit[:12] or "a release"
        yield f"Warning: {commit} waits for approval into {name}; approved, it undoes this. slipway reject"
