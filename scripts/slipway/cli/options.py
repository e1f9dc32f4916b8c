"""Options that several commands share."""

from typing import Annotated

import typer

Env = Annotated[str | None, typer.Option("--env", metavar="NAME", help="The environment.")]
OnlyEnv = Annotated[
    str | None, typer.Option("--env", metavar="NAME", help="Only this environment. Default: all.")
]
To = Annotated[str | None, typer.Option("--to", metavar="COMMIT", help="A commit, or its first characters.")]
Yes = Annotated[bool, typer.Option("--yes", help="Skip the confirmation.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Change nothing; print the calls to AWS.")]
StopRunning = Annotated[
    bool, typer.Option("--stop-running", help="Stop a deployment in progress first, which rolls it back.")
]
OverrideAlarms = Annotated[
    bool, typer.Option("--override-alarms", help="Ignore the deployment group's alarms.")
]
Reason = Annotated[str, typer.Option("--reason", metavar="TEXT", help="The reason, shown in AWS's console.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document to stdout.")]
