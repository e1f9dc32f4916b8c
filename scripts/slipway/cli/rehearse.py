"""``slipway rehearse``: a whole release on this machine, told as it goes, and what it came to."""

import json
import os
from pathlib import Path

from local.rehearsal import fault_run, page, rehearsal, report
from slipway import console
from slipway.checkout import project
from slipway.checkout.workdir import claimed
from slipway.cli.validate import warn
from slipway.console.errors import SlipwayError

NAME = "rehearsal"


def rehearse() -> None:
    """Play it; write its record and its page; fail if anything was not as it has to be."""
    found = project.find(Path.cwd())
    warn(found)
    with claimed(found.working, NAME) as directory:
        record = rehearsal.rehearse(found, directory)
        written = directory / "rehearsal.json"
        written.write_text(json.dumps(record.as_json(), indent=2) + "\n", encoding="utf-8")
        drawn = directory / "rehearsal.html"
        drawn.write_text(page.render(record), encoding="utf-8")
        console.message()
        report.show(record)
        console.message(f"\n{os.path.relpath(written)}\n{os.path.relpath(drawn)}")
    if not record.passed:
        raise SlipwayError(
            "the rehearsal did not go as it has to",
            why="\n".join(record.broken),
            then=f"see what each host and build said: {os.path.relpath(directory / 'logs')}",
        )


def faults() -> None:
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
