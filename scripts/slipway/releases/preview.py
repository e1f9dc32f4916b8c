"""Says what a plan would do, before anybody agrees to it. Pure."""

from collections.abc import Iterator

from slipway.aws.revisions import Image, Location
from slipway.checkout.commits import Between
from slipway.releases.catalog import Release
from slipway.releases.plan import Plan


def preview(
    plan: Plan, *, location: Location, image: Image, taken_back: Between, brought: Between
) -> Iterator[str]:
    """What goes, what comes, and what else happens."""
    name = plan.situation.name
    yield f"{name} runs       {_release(plan.goes, name)}"
    yield f"{'goes back to' if plan.wish.back else 'would run':<{len(name) + 12}}{plan.comes.commit[:12]}"
    yield f"    revision  {location}" + (f", version {location.version}" if location.version else "")
    yield f"    image     {image.digest}, still in {plan.situation.names.repository}"
    yield ""
    yield from _commits(taken_back, brought)
    yield from _besides(plan)


def _release(release: Release | None, environment: str) -> str:
    if release is None:
        return "nothing yet"
    result = release.results.get(environment)
    since = f", since {result.at:%Y-%m-%d %H:%M} UTC ({result.deployment})" if result else ""
    return f"{release.commit[:12]}{since}"


def _commits(taken_back: Between, brought: Between) -> Iterator[str]:
    if not (taken_back.known and brought.known):
        yield "The commits in between are not in this checkout: git fetch, to see them."
        yield ""
        return
    for what, between in (("takes back", taken_back), ("brings", brought)):
        if not between.lines:
            continue
        count = len(between.lines) + between.more
        yield f"This {what} {count} {'commit' if count == 1 else 'commits'}:"
        yield from (f"    {line}" for line in between.lines)
        if between.more:
            yield f"    … and {between.more} more"
        yield ""


def _besides(plan: Plan) -> Iterator[str]:
    name, situation = plan.situation.name, plan.situation
    if plan.stop:
        yield f"The deployment {plan.stop.id} is stopped first; CodeDeploy then goes back by itself."
    if situation.alarms_on and not plan.by_stopping:
        yield (
            f"In ALARM: {', '.join(situation.alarms_on)}. This one deployment overrides the group's alarms, "
            "or it would not start; the group keeps them. (codedeploy:UpdateDeploymentGroup)"
        )
    elif plan.overrides_alarms and not plan.by_stopping:
        yield "This one deployment overrides the group's alarms. (codedeploy:UpdateDeploymentGroup)"
    if plan.pauses:
        yield f"The pipeline is paused before {name}, so that the next commit does not undo this."
    elif not situation.way_in.there:
        yield f"There is no pipeline into {name} that could undo this."
    elif not situation.way_in.open:
        yield f"The pipeline is paused before {name} already: {situation.way_in.reason}"
    elif plan.wish.back:
        yield f"The pipeline is not paused: the next commit goes into {name} and undoes this."
    if situation.way_in.approval:
        commit = situation.way_in.approval.commit[:12] or "a release"
        yield f"Warning: {commit} waits for approval into {name}; approved, it undoes this. slipway reject"
