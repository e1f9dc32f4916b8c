"""``slipway rehearse``: a whole release on this machine, and what it came to."""

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
        bool, typer.Option("--account", help="In the AWS account of the credentials, a sandbox.")
    ] = False,
    yes: Yes = False,
    keep: Annotated[bool, typer.Option("--keep", help="Leave up what it made.")] = False,
    destroy: Annotated[
        bool, typer.Option("--destroy", help="Only destroy what an interrupted or a kept one made.")
    ] = False,
    beside_stacks: Annotated[
        bool, typer.Option("--beside-stacks", help="Also in an account that has the settings' own stacks.")
    ] = False,
    json: Json = False,
) -> None:
    """Play a whole release on this machine, or in a sandbox account.

    \b
    slipway rehearse                takes about ten minutes, needs Docker and no account
    slipway rehearse --account      says what it makes, costs and takes, asks; then does it all on AWS
    slipway rehearse --account --destroy    takes down what one made that was interrupted or kept

    Real images, containers, registry, load balancer, buildspec.yml, appspec.yml and host scripts;
    only AWS is emulated. Needs docker, docker-registry and haproxy on the PATH, and an engine: the one
    that `docker version` reaches or, for root with dockerd, a private one that leaves nothing behind.
    Writes rehearsal.json and rehearsal.html below .slipway/.

    With --account: bootstrap, apply, handshake, e-mail, first release, broken release and CodeDeploy's own
    rollback, rollback by hand, alarms, a host replaced; then everything is destroyed. The service's name,
    its state bucket and tags are the rehearsal's own. If interrupted, run it again: it continues there.
    The record, .slipway/account-rehearsal/record.json, has each step's time and each refused call, and no
    secret. It has not met AWS yet: it was played against an emulated one. See docs/rehearsal.md.

    Exit codes: 0 everything went as it has to, 1 anything went wrong, 2 wrong settings, 130 interrupted.
    """
    options = AccountOptions(yes=yes, keep=keep, beside=beside_stacks, destroy=destroy, json=json)
    if account:
        account_rehearsal.rehearse(options)
    elif options != AccountOptions():
        raise UsageError("these options are for a rehearsal in an account", then="slipway rehearse --account")
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
            "the rehearsal did not go as it has to",
            why="\n".join(record.broken),
            then=f"see what each host and build said: {os.path.relpath(directory / 'logs')}",
        )
