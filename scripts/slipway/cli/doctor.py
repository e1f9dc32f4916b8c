"""``slipway doctor``: checks everything, and prints a line for each check."""

import sys
from pathlib import Path

from rich.console import Group
from rich.text import Text

from slipway.cli.command import declare
from slipway.cli.options import Json
from slipway.console import documents
from slipway.console.errors import FAILED
from slipway.console.printable import plain
from slipway.console.screen import show
from slipway.console.tables import Note
from slipway.doctor.check import Check, Examination
from slipway.doctor.examination import examine

STYLES = {"ok": "green", "todo": "bold red", "later": "dim"}

app = declare()


@app.command()
def doctor(*, json: Json = False) -> None:
    """Check everything that a first deployment needs.

    \b
    slipway doctor                  one line for each check: ok, todo or later; below it what to do
    slipway doctor --json           for programs; docs/schemas/doctor.schema.json describes it

    Checks this machine's tools, pipeline.toml, the credentials and their account, the state bucket,
    the connection to the repository, the subscriptions to alerts, what pipeline.toml names because
    it exists already (networks, load balancers, registry, keys), and the account's quotas. Changes
    nothing. "later": not possible yet, or not needed for a deployment.

    Exit codes: 0 nothing to do, 1 something to do, 2 wrong usage.
    """
    examination = examine(Path.cwd())
    if json:
        documents.show(examination)
    else:
        show(draw(examination))
    if not examination.healthy:
        sys.exit(FAILED)


def draw(examination: Examination) -> Group:
    """All checks, and how many need action."""
    todo = sum(finding.state == "todo" for finding in examination.findings)
    end = Text(f"{todo} to do", style="bold red") if todo else Text("ready to deploy", style="bold green")
    found = (
        Note(Text(finding.state, style=STYLES[finding.state]), _words(finding), width=5, gap=2)
        for finding in examination.findings
    )
    return Group(*found, Text(), end)


def _words(finding: Check) -> Text:
    words = Text("\n".join(plain(line) for line in finding.what.splitlines()))
    for label, text in (("why:  ", finding.why), ("next: ", finding.then)):
        for number, line in enumerate(text.splitlines()):
            words.append(f"\n  {label if number == 0 else ' ' * len(label)}{plain(line)}")
    return words
