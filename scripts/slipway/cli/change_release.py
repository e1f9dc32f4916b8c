"""Deploys another release: shows the plan, asks, executes it and watches. For rollback and deploy."""

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
    """Deploy another release to an environment. Raises SlipwayError if its deployment fails."""
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
        verb = "Roll back to" if options.back else "Deploy"
        confirm.agree(f"{verb} {plan.to_release.commit[:12]} in {now.name}?")
    ended = _execute(plan, steps, aws, found)
    if json:
        documents.show(watch.DeploymentOutcome.of(ended))
    _look_after(plan, aws, ended)
    watch.require_success(ended)


def _decide(now: Situation, options: ReleaseOptions, *, ask: bool) -> ReleasePlan:
    """Make the plan. ask: if a deployment is in progress, ask whether to stop it."""
    try:
        return decide(now, options)
    except InProgressError as error:
        if not ask:
            raise
        console.message(f"{error.what} ({error.why})")
        confirm.agree("Stop it? CodeDeploy then rolls back to the last revision that succeeded.")
        return decide(now, replace(options, stop_running=True))


def _show(plan: ReleasePlan, found: Project, aws: Aws, shipped: RevisionImages) -> RevisionLocation:
    """Print what would happen.

    Returns the revision's location, after checking that it and its image exist.
    """
    commit, repository = plan.to_release.commit, plan.situation.names.repository
    location = revisions.locate(aws, commit, plan.candidates(), shipped)
    image = shipped.read(location)
    if image.problem:
        raise SlipwayError(
            f"the revision of {commit[:12]} cannot be read",
            why=image.problem,
            then="choose another release with --to COMMIT; slipway releases lists them",
        )
    if not images.exists(aws, repository, image.digest):
        raise SlipwayError(
            f"the image of {commit[:12]} does not exist any more in {repository}",
            why=f"{image.digest} was deleted or has expired (registry.keep_images in pipeline.toml)",
            then="choose another release (slipway releases lists them), or push the commit again to build it",
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
            f"The release command is not run, because only the pipeline runs it. To run it afterwards: {run}"
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
            console.message(f"{watch_it} shows whether a deployment is in progress")
        raise


def _look_after(plan: ReleasePlan, aws: Aws, ended: Deployment) -> None:
    """Print what runs now, whether the pipeline is paused, and whether alerts are delivered."""
    now = plan.situation
    if ended.succeeded:
        console.message(f"\n{now.name} now runs {plan.to_release.commit[:12]}")
    if plan.options.pause and now.stage:
        console.message(stays_paused(now.name))
    try:
        for line in alert_delivery.read(aws, now.names, now.name):
            console.message(line)
    except AwsError as error:  # the deployment has ended already
        console.message(f"could not check whether alerts are delivered: {error.what}")
