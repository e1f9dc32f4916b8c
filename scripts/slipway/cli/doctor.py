"""``slipway doctor``: looks at everything, and says each thing in a line."""

import sys
from pathlib import Path

from rich.console import Group
from rich.table import Table
from rich.text import Text

from slipway import console
from slipway.console.errors import FAILED
from slipway.console.printable import plain
from slipway.console.screen import show
from slipway.doctor.examination import examine
from slipway.doctor.finding import Examination, Finding

STYLES = {"ok": "green", "todo": "bold red", "later": "dim"}


def doctor(*, json: bool) -> None:
    """Show what was found; ends with 1 if something is to be done."""
    examination = examine(Path.cwd())
    if json:
        console.data(examination.as_json())
    else:
        show(draw(examination))
    if not examination.healthy:
        sys.exit(FAILED)


def draw(examination: Examination) -> Group:
    """Every finding, and how many of them are to be mended."""
    todo = sum(each.state == "todo" for each in examination.findings)
    end = Text(f"{todo} to do", style="bold red") if todo else Text("ready to deploy", style="bold green")
    table = Table.grid(padding=(0, 2, 0, 0))
    for each in examination.findings:
        table.add_row(Text(each.state, style=STYLES[each.state]), _words(each))
    return Group(table, Text(), end)


def _words(finding: Finding) -> Text:
    words = Text("\n".join(plain(line) for line in finding.what.splitlines()))
    for label, text in (("why:  ", finding.why), ("next: ", finding.then)):
        for number, line in enumerate(text.splitlines()):
            words.append(f"\n  {label if number == 0 else ' ' * len(label)}{plain(line)}")
    return words
