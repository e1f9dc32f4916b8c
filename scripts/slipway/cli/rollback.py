"""``slipway rollback`` and ``slipway deploy``: shows, asks, carries out, watches, and looks after it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError

from modules.config.names import Names
from slipway import console
from slipway.aws import alarms, subscriptions
from slipway.aws.clients import Aws
from slipway.aws.errors import explain
from slipway.aws.revisions import Images, Location
from slipway.aws.who import caller
from slipway.checkout import project
from slipway.checkout.commits import between
from slipway.checkout.project import Project
from slipway.cli import follow
from slipway.cli.dry import would_call
from slipway.console import confirm
from slipway.releases import deployable, situation
from slipway.releases.course import Course
from slipway.releases.decision import InProgressError, decide
from slipway.releases.execute import Carrying
from slipway.releases.plan import Plan, Situation, Wish
from slipway.releases.preview import preview
from slipway.releases.sending import Sending


def change(asked: Wish, env: str | None, *, yes: bool, dry_run: bool, json: bool) -> None:
    """Bring another release to an environment."""
    confirm.require_somebody(yes=yes or dry_run)
    found, aws = project.signed_in(Path.cwd())
    environment = found.environment(env)
    wish = replace(asked, who=caller(aws.sts), when=datetime.now(UTC))
    now = situation.read(aws, found.names, environment, also=wish.to or "")
    plan = _decide(now, wish, ask=not (yes or dry_run))
    location = _show(plan, found, aws)
    if dry_run:
        would_call(plan.requests(location))
        return
    if not yes:
        confirm.agree(f"{'Go back to' if wish.back else 'Deploy'} {plan.comes.commit[:12]} in {now.name}?")
    ended = _carry_out(plan, location, aws)
    if json:
        console.data(follow.outcome(ended).as_json())
    _look_after(plan, aws, ended)
    follow.require_success(ended)


def _decide(now: Situation, wish: Wish, *, ask: bool) -> Plan:
    """The plan; a deployment in the way is offered to be stopped."""
    try:
        return decide(now, wish)
    except InProgressError as error:
        if not ask:
            raise
        console.message(f"{error.what} ({error.why})")
        confirm.agree("Stop it? CodeDeploy then goes back to the last revision that succeeded.")
        return decide(now, replace(wish, stop_running=True))


def _show(plan: Plan, found: Project, aws: Aws) -> Location:
    """Say what would happen; the revision's place, once it is known to be there with its image."""
    repository = plan.situation.names.repository
    location = deployable.locate(aws.s3, plan.comes.commit, plan.candidates())
    image = deployable.require_image(aws.ecr, repository, plan.comes.commit, Images(aws.s3), location)
    old, new = plan.goes.commit if plan.goes else "", plan.comes.commit
    for line in preview(
        plan,
        location=location,
        image=image,
        taken_back=between(found.root, new, old),
        brought=between(found.root, old, new),
    ):
        console.message(line)
    return location


def _carry_out(plan: Plan, location: Location, aws: Aws) -> Course:
    carrying = Carrying(plan, location, Sending(aws), lambda each: follow.follow(aws, each), console.message)
    try:
        return carrying.out()
    except KeyboardInterrupt:
        if carrying.deployment:
            raise follow.GoesOnError(carrying.deployment) from None
        if carrying.paused:
            name = plan.situation.name
            console.message(f"the pipeline stays paused before {name}: slipway resume --env {name}")
            console.message(f"slipway watch --env {name} shows whether anything is being deployed")
        raise


def _look_after(plan: Plan, aws: Aws, ended: Course) -> None:
    """Say what runs now, that people hear of what comes, and what is left to do."""
    now, names = plan.situation, plan.situation.names
    if ended.succeeded:
        console.message(f"\n{now.name} runs {plan.comes.commit[:12]} now")
    if plan.wish.pause and now.way_in.there:
        console.message(f"the pipeline stays paused before {now.name}: slipway resume --env {now.name}")
    try:
        for line in _heard(now.name, names, aws):
            console.message(line)
    except (BotoCoreError, ClientError) as error:  # the deployment is done, whatever is refused here
        console.message(f"not known whether people hear of alarms: {explain(error).what}")


def _heard(environment: str, names: Names, aws: Aws) -> Iterator[str]:
    prefixes = {each.environment: each.alarm("") for each in names.environments}
    found = alarms.read(aws.cloudwatch, f"{names.service}-", prefixes, [])
    return subscriptions.words(
        found[environment], names.topic, subscriptions.subscribers(aws.sns, names.topic_arn)
    )
