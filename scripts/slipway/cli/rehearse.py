"""``slipway rehearse``: rehearses a whole release on this machine, or in a sandbox account."""

import json
import os
from pathlib import Path
from typing import Annotated

import typer

from local.rehearsal import run
from local.rehearsal.results import page, table
from slipway import console
from slipway.checkout import project
from slipway.checkout.workdir import claimed
from slipway.cli import account_rehearsal
from slipway.cli.account_rehearsal import AccountOptions
from slipway.cli.command import declare
from slipway.cli.options import Json, Yes
from slipway.cli.validate import warn
from slipway.console.errors import SlipwayError, UsageError

NAME = "rehearsal"

app = declare()


@app.command()
def rehearse(
    *,
    account: Annotated[
        bool, typer.Option("--account", help="Rehearse in the AWS account of the credentials, a sandbox.")
    ] = False,
    yes: Yes = False,
    keep: Annotated[bool, typer.Option("--keep", help="Do not destroy its resources at the end.")] = False,
    destroy: Annotated[
        bool, typer.Option("--destroy", help="Only destroy the resources of an earlier rehearsal.")
    ] = False,
    beside_stacks: Annotated[
        bool, typer.Option("--beside-stacks", help="Allow an account that has the settings' own stacks.")
    ] = False,
    json: Json = False,
) -> None:
    """Rehearse a whole release on this machine, or in a sandbox account.

    \b
    slipway rehearse                takes about ten minutes, needs Docker and no account
    slipway rehearse --account      shows its resources, costs and duration, asks, then runs on AWS
    slipway rehearse --account --destroy    destroys the resources of an interrupted or kept one

    Real images, containers, registry, load balancer, buildspec.yml, appspec.yml and host scripts;
    only AWS is emulated. Needs docker, docker-registry and haproxy on the PATH, and a Docker engine: the one
    that `docker version` reaches or, for root with dockerd, one of its own, which is removed at the end.
    Writes rehearsal.json and rehearsal.html below .slipway/.

    With --account: bootstrap, apply, connection, e-mail, first release, broken release with automatic
    rollback, rollback by command, alarms, a replaced host; then everything is destroyed. The rehearsal has
    its own service name, state bucket and tags. If interrupted, run it again: it continues where it stopped.
    The record, .slipway/account-rehearsal/record.json, has each step's time and each refused call, and no
    secret. So far it has run against an emulated AWS only. See docs/rehearsal.md.

    Exit codes: 0 every step passed, 1 a step failed, 2 wrong settings, 130 interrupted.
    """
    options = AccountOptions(yes=yes, keep=keep, beside=beside_stacks, destroy=destroy, json=json)
    if account:
        account_rehearsal.rehearse(options)
    elif options != AccountOptions():
        raise UsageError("these options require --account", then="run slipway rehearse --account with them")
    else:
        _here()


def _here() -> None:
    found = project.find(Path.cwd())
    warn(found)
    with claimed(found.working, NAME) as directory:
        record = run.rehearse(found, directory)
        written = directory / "rehearsal.json"
        written.write_text(json.dumps(record.as_json(), indent=2) + "\n", encoding="utf-8")
        drawn = directory / "rehearsal.html"
        drawn.write_text(page.render(record), encoding="utf-8")
        console.message()
        table.show(record)
        console.message(f"\n{os.path.relpath(written)}\n{os.path.relpath(drawn)}")
    if not record.passed:
        raise SlipwayError(
            "the rehearsal failed",
            why="\n".join(record.broken),
            then=f"read the logs of hosts and builds: {os.path.relpath(directory / 'logs')}",
        )
