"""``slipway rehearse``: a whole release on this machine, and what it came to."""

import json
import os
from pathlib import Path
from typing import Annotated

import typer

from local.rehearsal import fault_run, run
from local.rehearsal.results import page, table
from slipway import console
from slipway.checkout import project
from slipway.checkout.workdir import claimed
from slipway.cli.command import declare
from slipway.cli.validate import warn
from slipway.console.errors import SlipwayError

NAME = "rehearsal"

app = declare()


@app.command()
def rehearse(
    faults: Annotated[
        bool, typer.Option("--faults", help="Try what can go wrong on a host, in place of the release.")
    ] = False,
) -> None:
    """Play a whole release on this machine: good, broken, rolled back.

    \b
    slipway rehearse                takes about ten minutes, needs Docker and no account
    slipway rehearse --faults       tries everything that can go wrong on a host, one after the other

    Real images, containers, registry, load balancer, buildspec.yml, appspec.yml and host scripts;
    only AWS is emulated. Needs docker, docker-registry and haproxy on the PATH, and an engine: the one
    that `docker version` reaches or, for root with dockerd, a private one that leaves nothing behind.
    Writes rehearsal.json and rehearsal.html below .slipway/.

    Exit codes: 0 everything went as it has to, 1 anything went wrong, 2 wrong settings, 130 interrupted.
    """
    if faults:
        _faults()
    else:
        _rehearse()


def _rehearse() -> None:
    """Play it; write its record and its page; fail if anything was not as it has to be."""
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


def _faults() -> None:
    """Try every fault, and fail if one does not end as its table says."""
    found = project.find(Path.cwd())
    warn(found)
    with claimed(found.working, NAME) as directory:
        ended = fault_run.try_all(found, directory)
    wrong = [f"{name}: {line}" for name, lines in ended.items() for line in lines]
    if wrong:
        raise SlipwayError(
            f"{sum(map(bool, ended.values()))} of {len(ended)} faults do not end as they have to",
            why="\n".join(wrong),
            then="see scripts/start_server.sh and scripts/health_check.sh",
        )
    console.message(f"all {len(ended)} faults end as they have to")
