"""``slipway hosts``: lists and renews hosts, and prevents their termination during releases."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from slipway import console
from slipway.aws import requests
from slipway.aws.clients import Aws
from slipway.checkout import project
from slipway.checkout.project import Project
from slipway.cli.app import QuickGroup
from slipway.cli.dry_run import would_call
from slipway.cli.options import DryRun, Env, Json, Yes
from slipway.console import confirm, documents
from slipway.console.screen import show
from slipway.hosts import read, table
from slipway.hosts.choice import RenewalOptions, chosen
from slipway.hosts.document import HostRenewal
from slipway.hosts.read import Fleet
from slipway.hosts.renewal import HostRenewals, require_quiet
from slipway.releases.plan import Step

SUSPENDED = ("AZRebalance", "InstanceRefresh", "ScheduledActions", "Terminate")
"""All processes that can be suspended (codedeploy/latest/APIReference/API_EC2DeploymentOptions.html)."""

app = typer.Typer(cls=QuickGroup, no_args_is_help=True, rich_markup_mode=None)


@app.callback()
def about() -> None:
    """List and renew the hosts of an environment.

    \b
    slipway hosts list --env prod                 age, image, launch template, agent; which are stale
    slipway hosts renew --env prod                replaces every host, a new one first
    slipway hosts protect --env prod              no host is terminated during a release

    A host gets changed settings, a newer image or a newer agent only when it is renewed.
    """


@app.command("list")
def list_all(*, env: Env = None, json: Json = False) -> None:
    """List the hosts of an environment, oldest first.

    \b
    slipway hosts list --env prod
    slipway hosts list --env prod --json

    A host is stale if the next host starts from another version of the launch template. "agent" is the
    version of the CodeDeploy agent that it was started with: AWS does not tell which one runs.

    Exit codes: 0 listed, 1 failed, 2 wrong settings or usage.
    """
    _, _, fleet = _fleet(env)
    if json:
        documents.show(fleet.listed)
        return
    show(table.hosts(fleet.hosts, datetime.now(UTC)))
    for line in table.remarks(fleet):
        console.message(line)


@app.command()
def renew(
    *,
    env: Env = None,
    host: Annotated[str | None, typer.Option("--host", metavar="ID", help="Only this host.")] = None,
    stale: Annotated[bool, typer.Option("--stale", help="Only stale hosts.")] = False,
    older_than: Annotated[
        str | None,
        typer.Option("--older-than", metavar="AGE", help="Only hosts older than AGE, such as 14d."),
    ] = None,
    yes: Yes = False,
    dry_run: DryRun = False,
    json: Json = False,
) -> None:
    """Replace hosts by new ones; each new host serves before the old one is terminated.

    \b
    slipway hosts renew --env prod                        every host, with an instance refresh
    slipway hosts renew --env prod --stale                stale hosts, one after the other
    slipway hosts renew --env prod --older-than 14d
    slipway hosts renew --env prod --host i-0123456789abcdef0
    slipway hosts renew --env prod --dry-run

    The running release is deployed to a new host before it gets traffic, so no request fails. It takes about
    ten minutes for each host. After Ctrl-C, Auto Scaling continues; the same command follows the refresh.

    Exit codes: 0 renewed, or nothing to renew, 1 failed or aborted, 2 wrong settings or usage,
    130 interrupted (Auto Scaling continues).
    """
    options = RenewalOptions(host=host, stale=stale, older_than=older_than)
    confirm.require_somebody(yes=yes or dry_run)
    _, aws, fleet = _fleet(env)
    hosts = chosen(fleet, options, datetime.now(UTC))
    if not hosts:
        console.message(f"no host to renew in {fleet.environment}")
        if json:
            documents.show(HostRenewal(environment=fleet.environment, refresh="", replaced=()))
        return
    require_quiet(fleet)
    for listed in hosts:
        console.message(table.line(listed, datetime.now(UTC)))
    renewals = HostRenewals(aws, fleet, console.message)
    calls = renewals.requests(hosts, every=options.all)
    if dry_run:
        would_call(Step(call) for call in calls)
        return
    if not yes:
        confirm.agree(f"Replace {len(hosts)} of {len(fleet.hosts)} hosts of {fleet.environment}?")
    refresh = ""
    if options.all:
        refresh = renewals.refresh(calls[0]).id
    else:
        for listed, call in zip(hosts, calls, strict=True):
            renewals.replace(listed, call)
    if json:
        replaced = tuple(listed.id for listed in hosts)
        documents.show(HostRenewal(environment=fleet.environment, refresh=refresh, replaced=replaced))


@app.command()
def protect(
    *,
    env: Env = None,
    off: Annotated[bool, typer.Option("--off", help="Allow terminations during releases.")] = False,
    yes: Yes = False,
    dry_run: DryRun = False,
) -> None:
    """Prevent Auto Scaling from terminating hosts during a release.

    \b
    slipway hosts protect --env prod
    slipway hosts protect --env prod --off

    CodeDeploy then suspends Terminate, AZRebalance, InstanceRefresh and ScheduledActions of the Auto
    Scaling group while it deploys, and resumes them afterwards. Terraform's AWS provider 5 does not support
    this setting. Run this once, and again after the deployment group was replaced; plans do not change it.

    Exit codes: 0 set, or already set, 1 failed or aborted, 2 wrong settings or usage.
    """
    confirm.require_somebody(yes=yes or dry_run)
    found, aws, fleet = _fleet(env)
    wanted = () if off else SUSPENDED
    if set(fleet.deployment_group.suspends) == set(wanted):
        console.message(f"no change: releases into {fleet.environment} already suspend {_words(wanted)}")
        return
    request = requests.suspend_while_deploying(found.names, found.environment(env), wanted)
    if dry_run:
        would_call([Step(request)])
        return
    if not yes:
        confirm.agree(f"Let releases into {fleet.environment} suspend {_words(wanted)}?")
    request.send(aws)
    console.message(f"releases into {fleet.environment} now suspend {_words(wanted)}")


def _words(processes: tuple[str, ...]) -> str:
    return ", ".join(processes) or "nothing"


def _fleet(env: str | None) -> tuple[Project, Aws, Fleet]:
    found = project.find(Path.cwd())
    environment = found.environment(env)
    aws = found.sign_in()
    return found, aws, read.read(aws, found.names, environment)
