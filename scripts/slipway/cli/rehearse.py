"""``slipway rehearse``: a whole release on this machine, and what it came to."""

import json
import os
from pathlib import Path

from local.rehearsal import run
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
def rehearse() -> None:
    """Play a whole release on this machine: good, broken, rolled back.

    \b
    slipway rehearse                takes about ten minutes, needs Docker and no account

    Real images, containers, registry, load balancer, buildspec.yml, appspec.yml and host scripts;
    only AWS is emulated. Needs docker, docker-registry and haproxy on the PATH, and an engine: the one
    that `docker version` reaches or, for root with dockerd, a private one that leaves nothing behind.
    Writes rehearsal.json and rehearsal.html below .slipway/.

    Exit codes: 0 everything went as it has to, 1 anything went wrong, 2 wrong settings, 130 interrupted.
    """
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
