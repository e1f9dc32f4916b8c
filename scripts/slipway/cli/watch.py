"""``slipway watch``: watches a deployment until it ends; the exit code says whether it succeeded."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from modules.config.names import EnvironmentNames, Names
from slipway.aws import codedeploy, parallel
from slipway.aws.clients import Aws
from slipway.aws.codedeploy import Deployment, DeploymentGroupState
from slipway.checkout import project
from slipway.cli.command import declare
from slipway.cli.options import Json, OnlyEnv
from slipway.console import documents
from slipway.console.errors import SlipwayError
from slipway.releases import watch as deployments
from slipway.releases.watch import DeploymentOutcome, require_success

FIRST = "push a commit; slipway status shows its progress"

app = declare()


@app.command()
def watch(
    deployment: Annotated[
        str, typer.Argument(metavar="DEPLOYMENT", help="The deployment's id. Default: the one in progress.")
    ] = "",
    *,
    env: OnlyEnv = None,
    json: Json = False,
) -> None:
    """Watch a deployment, host by host and event by event.

    \b
    slipway watch                                the deployment in progress; if there is none, the last
    slipway watch --env prod                     ... in prod
    slipway watch d-4X7K2M9QZ                    this one

    If it fails, it prints the end of the failed script's log, and the automatic rollback's id.
    Ctrl-C stops the watching, not the deployment.

    Exit codes: 0 it succeeded, 1 it failed or was stopped, 2 wrong settings or usage,
    130 interrupted (the deployment continues).
    """
    found = project.find(Path.cwd())
    environments = found.chosen(env)
    aws = found.sign_in()
    ended = deployments.watch(aws, deployment or meant(aws, found.names, environments).id, found.watching)
    if json:
        documents.show(DeploymentOutcome.of(ended))
    require_success(ended)


def meant(aws: Aws, names: Names, environments: Sequence[EnvironmentNames]) -> Deployment:
    """The deployment in progress, the newest if several; else the last.

    Raises SlipwayError if there is none.
    """
    groups = codedeploy.deployment_groups(
        aws, names.application, [environment.deployment_group for environment in environments]
    )

    def newest(group: DeploymentGroupState) -> Sequence[Deployment]:
        return codedeploy.deployments(aws, names.application, group, any)

    read = parallel.each(newest, groups.values())
    several = codedeploy.newest_first(deployment for group in read for deployment in group)
    for deployment in several:
        if deployment.in_progress:
            return deployment
    if not several:
        raise SlipwayError("no deployment found", why="nothing was deployed yet", then=FIRST)
    return several[0]
