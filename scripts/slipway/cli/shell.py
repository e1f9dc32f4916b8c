"""``slipway shell``: opens a session on a host with Session Manager; hosts have no SSH."""

import os
import shutil
from pathlib import Path
from typing import Annotated

import typer

from slipway import console
from slipway.aws import codedeploy, hosts
from slipway.checkout import project
from slipway.cli.command import declare
from slipway.cli.options import Env
from slipway.console.errors import SlipwayError, UsageError
from slipway.console.shell import command_line

NEEDED = ("aws", "session-manager-plugin")
INSTALLING = (
    "docs.aws.amazon.com/systems-manager/latest/userguide/session-manager-working-with-install-plugin.html"
)
IN_SERVICE = "InService"

app = declare()


@app.command()
def shell(
    *,
    env: Env = None,
    host: Annotated[
        str,
        typer.Option("--host", metavar="INSTANCE", help="The host. Default: the first in service."),
    ] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only print the command.")] = False,
) -> None:
    """Open a session on a host with Session Manager.

    \b
    slipway shell --env staging                  on a host that is in service
    slipway shell --env prod --host i-0abc       on this one

    It needs the AWS CLI, its Session Manager plugin, and the policy <service>-<environment>-shell. Input and
    output are recorded in the log group /<service>/<environment>/sessions, and CloudTrail records who opened
    the session. It ends after 20 idle minutes. Use sudo docker exec to run commands in the container.

    Exit codes: 0 the session has ended, 1 failed, 2 wrong settings or usage, 130 interrupted.
    """
    found = project.find(Path.cwd())
    environment = found.environment(env)
    if missing := [program for program in NEEDED if not shutil.which(program)]:
        raise UsageError(f"{' and '.join(missing)} not found on the PATH", then=f"install it: {INSTALLING}")
    aws = found.sign_in()
    groups = codedeploy.deployment_groups(aws, found.names.application, [environment.deployment_group])
    names = [name for group in groups.values() for name in group.auto_scaling_groups]
    instances = [
        instance
        for scaling_group in hosts.scaling_groups(aws, names).values()
        for instance in scaling_group.instances
    ]
    in_service_first = sorted(instances, key=lambda instance: (instance.lifecycle != IN_SERVICE, instance.id))
    ids = [instance.id for instance in in_service_first]
    if not ids:
        raise SlipwayError(f"{environment.environment} has no hosts", then="slipway status shows why")
    if host and host not in ids:
        raise UsageError(
            f"{host} is not a host of {environment.environment}", then=f"use one of: {', '.join(ids)}"
        )
    where = ("--region", aws.region, "--target", host or ids[0])
    typed = ("aws", "ssm", "start-session", *where, "--document-name", environment.session_document)
    console.message(command_line(*typed))
    if not dry_run:
        os.execvp(typed[0], typed)  # noqa: S606 - the terminal, and its signals, are the session's from here on
