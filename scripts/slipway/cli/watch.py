"""``slipway watch``: follows a deployment to its end; the exit code is how it ended."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from modules.config.names import EnvironmentNames, Names
from slipway import console
from slipway.aws import codedeploy, parallel
from slipway.aws.clients import Aws
from slipway.aws.codedeploy import Deployment
from slipway.checkout import project
from slipway.cli import follow
from slipway.console.errors import SlipwayError
from slipway.releases import groups

FIRST = "push a commit; slipway status shows where it is"


def watch(deployment: str, *, env: str | None, json: bool) -> None:
    """Watch the deployment, or the one that is meant."""
    found, aws = project.signed_in(Path.cwd())
    environments = found.names.environments if env is None else [found.environment(env)]
    ended = follow.follow(aws, deployment or meant(aws, found.names, environments).id)
    if json:
        console.data(follow.outcome(ended).as_json())
    follow.require_success(ended)


def meant(aws: Aws, names: Names, environments: Sequence[EnvironmentNames]) -> Deployment:
    """The deployment in progress, the newest of several; if there is none, the last."""
    client = aws.codedeploy
    found = groups.read(client, names.application, [each.deployment_group for each in environments])

    def newest(group: groups.Group) -> Sequence[Deployment]:
        since = group.newest or datetime.now(UTC)
        return codedeploy.read(
            client, application=names.application, group=group.name, since=since, enough=any
        )

    several = codedeploy.newest_first(
        each for group in parallel.each(newest, found.values()) for each in group
    )
    for each in several:
        if each.in_progress:
            return each
    if not several:
        raise SlipwayError("there is no deployment to watch", why="nothing was ever deployed", then=FIRST)
    return several[0]
