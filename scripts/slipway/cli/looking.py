"""Declares the commands that only look: doctor, status, releases."""

from typing import Annotated

import typer

Env = Annotated[
    str | None, typer.Option("--env", metavar="NAME", help="Only this environment; else every one.")
]
Json = Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")]


def add(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(doctor)
    app.command()(status)
    app.command()(releases)


def doctor(*, json: Json = False) -> None:
    """Say whether everything is there that a first deployment needs, and what to do about the rest.

    \b
    slipway doctor                  each thing a line: ok, to do, later; what to do about it below
    slipway doctor --json           for programs; docs/schemas/doctor.schema.json describes it

    Looks at this machine's tools, pipeline.toml, the credentials and their account, the state bucket,
    the connection to the repository, the subscriptions to alerts, and the account's quotas. Changes
    nothing. "later" is what cannot be there yet, or what a deployment does not need.

    Exit codes: 0 nothing to do, 1 something to do, 2 wrong usage.
    """
    from slipway.cli import doctor as command

    command.doctor(json=json)


def status(
    *,
    env: Env = None,
    watch: Annotated[
        bool, typer.Option("--watch", help="Ask again every ten seconds, until Ctrl-C.")
    ] = False,
    json: Json = False,
) -> None:
    """Show what runs where: commit, image and age on each host, health, alarms, the pipeline.

    \b
    slipway status                  every environment, and what the pipeline waits for
    slipway status --env prod       one of them
    slipway status --watch          again and again
    slipway status --json           for programs; docs/schemas/status.schema.json describes it

    A host runs what the last deployment brought that CodeDeploy saw succeed on that very host. What
    its container itself says cannot be seen through AWS: curl the service's /version for that.

    Exit codes: 0 shown, whatever it shows; 1 AWS could not be asked; 2 wrong settings or usage;
    130 interrupted.
    """
    from slipway.cli import status as command

    command.status(env=env, watch=watch, json=json)


def releases(
    *,
    env: Env = None,
    limit: Annotated[int, typer.Option("--limit", metavar="N", min=1, help="The newest N.")] = 20,
    every: Annotated[bool, typer.Option("--all", help="All that are kept, however many.")] = False,
    json: Json = False,
) -> None:
    """List what can be deployed: commit, age, image, scan, and how it went in each environment.

    \b
    slipway releases                the newest 20
    slipway releases --env prod     as prod sees them
    slipway releases --all          all whose revision is kept, or that CodeDeploy remembers
    slipway releases --json         for programs; docs/schemas/releases.schema.json describes it

    Marked: what runs now, and what `slipway rollback` would pick: the release that ran before it. One
    that was gone back from is not picked again.

    Exit codes: 0 listed, 1 AWS could not be asked, 2 wrong settings or usage.
    """
    from slipway.cli import releases as command

    command.releases(env=env, limit=None if every else limit, json=json)
