"""Brings another release to an environment: shows, asks, executes, watches; rollback and deploy do."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from slipway import console
from slipway.aws import images, revisions
from slipway.aws.clients import Aws
from slipway.aws.codedeploy import Deployment
from slipway.aws.errors import AwsError
from slipway.aws.revisions import RevisionImages, RevisionLocation
from slipway.checkout import project
from slipway.checkout.commits import between
from slipway.checkout.project import Project
from slipway.cli.dry_run import would_call
from slipway.console import confirm, documents
from slipway.console.errors import SlipwayError
from slipway.console.shell import command_line
from slipway.releases import alert_delivery, situation, watch
from slipway.releases.catalog import check_commit
from slipway.releases.decision import InProgressError, decide
from slipway.releases.execute import PlanExecution, stays_paused
from slipway.releases.plan import ReleaseOptions, ReleasePlan, Situation, Step
from slipway.releases.preview import preview
from slipway.releases.read import CatalogReader


def change(asked: ReleaseOptions, env: str | None, *, yes: bool, dry_run: bool, json: bool) -> None:
    """Bring another release to an environment."""
    found = project.find(Path.cwd())
    environment = found.environment(env)
    check_commit(asked.to, needed=not asked.back)
    confirm.require_somebody(yes=yes or dry_run)
    aws = found.sign_in()
    options = replace(asked, who=aws.identity.name, when=datetime.now(UTC))
    reader = CatalogReader.of(aws, found.names, [environment])
    now = situation.read(reader, also=options.to or "")
    plan = _decide(now, options, ask=not (yes or dry_run))
    steps = plan.steps(_show(plan, found, aws, reader.shipped))
    if dry_run:
        would_call(steps)
        return
    if not yes:
        verb = "Go back to" if options.back else "Deploy"
        confirm.agree(f"{verb} {plan.to_release.commit[:12]} in {now.name}?")
    ended = _execute(plan, steps, aws, found)
    if json:
        documents.show(watch.DeploymentOutcome.of(ended))
    _look_after(plan, aws, ended)
    watch.require_success(ended)


def _decide(now: Situation, options: ReleaseOptions, *, ask: bool) -> ReleasePlan:
    """The plan; a deployment in the way is offered to be stopped."""
    try:
        return decide(now, options)
    except InProgressError as error:
        if not ask:
            raise
        console.message(f"{error.what} ({error.why})")
        confirm.agree("Stop it? CodeDeploy then goes back to the last revision that succeeded.")
        return decide(now, replace(options, stop_running=True))


def _show(plan: ReleasePlan, found: Project, aws: Aws, shipped: RevisionImages) -> RevisionLocation:
    """Say what would happen; the revision's place, once it is known to be there with its image."""
    commit, repository = plan.to_release.commit, plan.situation.names.repository
    location = revisions.locate(aws, commit, plan.candidates(), shipped)
    image = shipped.read(location)
    if image.problem:
        raise SlipwayError(f"what the revision of {commit[:12]} ships is not known", why=image.problem)
    if not images.exists(aws, repository, image.digest):
        raise SlipwayError(
            f"the image of {commit[:12]} is gone from {repository}",
            why=f"{image.digest} was deleted, or expired: registry.keep_images says how many are kept",
            then="slipway releases lists those that are there; or build the commit again: push it",
        )
    old, new = plan.from_release.commit if plan.from_release else "", commit
    for line in preview(
        plan,
        location=location,
        image=image,
        taken_back=between(found.root, new, old),
        brought=between(found.root, old, new),
    ):
        console.message(line)
    release = found.settings.release
    if release and release.command and not plan.options.back:
        run = command_line("slipway", "run", "--env", plan.situation.name, "--", *release.command)
        console.message(
            f"The release command is not run: the pipeline alone does. Afterwards, if need be: {run}"
        )
    return location


def _execute(plan: ReleasePlan, steps: list[Step], aws: Aws, found: Project) -> Deployment:
    execution = PlanExecution(
        plan, aws, lambda deployment: watch.watch(aws, deployment, found.watching), console.message
    )
    try:
        return execution.run(steps)
    except KeyboardInterrupt:
        if execution.deployment:
            raise watch.GoesOnError(execution.deployment) from None
        if execution.paused:
            name = plan.situation.name
            console.message(stays_paused(name))
            watch_it = command_line("slipway", "watch", "--env", name)
            console.message(f"{watch_it} shows whether anything is being deployed")
        raise


def _look_after(plan: ReleasePlan, aws: Aws, ended: Deployment) -> None:
    """Say what runs now, that people hear of what comes, and what is left to do."""
    now = plan.situation
    if ended.succeeded:
        console.message(f"\n{now.name} runs {plan.to_release.commit[:12]} now")
    if plan.options.pause and now.stage:
        console.message(stays_paused(now.name))
    try:
        for line in alert_delivery.read(aws, now.names, now.name):
            console.message(line)
    except AwsError as error:  # the deployment is done, whatever is refused here
        console.message(f"not known whether people hear of alarms: {error.what}")
