"""Declares the commands about the service itself: its logs, its configuration."""

from typing import Annotated

import typer

from slipway.cli.group import Group
from slipway.logs.source import Source

Env = Annotated[str | None, typer.Option("--env", metavar="NAME", help="The environment.")]
Name = Annotated[str, typer.Argument(metavar="NAME", help="The variable, such as DATABASE_URL.")]
Json = Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")]
Reveal = Annotated[bool, typer.Option("--reveal", help="Show secrets too.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only look; say what would be called.")]

config = typer.Typer(cls=Group, no_args_is_help=True, rich_markup_mode=None)


def add(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(logs)
    app.add_typer(config, name="config")


def logs(
    *,
    env: Annotated[
        str | None, typer.Option("--env", metavar="NAME", help="Only this environment; else every one.")
    ] = None,
    source: Annotated[
        list[Source] | None,
        typer.Option(
            "--source", metavar="[app|agent|deploy|build]", help="Whose; app unless said. Repeatable."
        ),
    ] = None,
    since: Annotated[
        str, typer.Option("--since", metavar="WHEN", help="So long ago (30m, 1h, 2d), or a time in UTC.")
    ] = "1h",
    pattern: Annotated[
        str | None, typer.Option("--filter", metavar="PATTERN", help="CloudWatch's filter pattern.")
    ] = None,
    host: Annotated[
        str | None, typer.Option("--host", metavar="INSTANCE", help="Only this host, by its instance id.")
    ] = None,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on with what comes.")] = False,
    json: Annotated[bool, typer.Option("--json", help="A JSON document a line.")] = False,
) -> None:
    """Read the service's logs in CloudWatch, merged by time, with the host's id.

    \b
    slipway logs --env prod --since 30m               what the service's containers wrote
    slipway logs --env prod --follow                  ... and go on with what comes
    slipway logs --env prod --filter ERROR            only lines with ERROR
    slipway logs --env prod --source deploy           what the deployments' scripts said
    slipway logs --env prod --source agent            the CodeDeploy agent, and a host's first start
    slipway logs --source build --since 2d            the builds
    slipway logs --env prod --host i-0abc --json      one host, for programs

    A pattern with "quotes" is a phrase, one in { } asks JSON: '{ $.status = 500 }'.
    What a terminal would obey in a line is spelled out: an escape is shown as \\x1b.

    Exit codes: 0 read, 1 failed, 2 wrong settings or usage, 130 interrupted.
    """
    from slipway.cli import logs as command

    command.logs(
        env=env,
        sources=source or [Source.APP],
        since=since,
        pattern=pattern,
        host=host,
        follow=follow,
        json=json,
    )


@config.callback()
def about() -> None:
    """The service's configuration in Parameter Store: what containers get as their environment.

    \b
    slipway config list --env prod                    every variable; secrets without their values
    slipway config set LOG_LEVEL debug --env prod     a plain value
    slipway config set DATABASE_URL --env prod        a secret, asked for without echo

    A change is used by the next deployment: containers that run keep what they were started with.
    """


@config.command("list")
def list_all(*, env: Env = None, reveal: Reveal = False, json: Json = False) -> None:
    """List the variables of an environment, and what would stop a deployment.

    \b
    slipway config list --env prod
    slipway config list --env prod --json
    slipway config list --env prod --reveal           with the values of secrets

    Exit codes: 0 listed, 1 failed, 2 wrong settings or usage.
    """
    from slipway.cli import config as command

    command.list_all(env=env, reveal=reveal, json=json)


@config.command()
def get(name: Name, *, env: Env = None, reveal: Reveal = False, json: Json = False) -> None:
    """Print one variable's value; a secret's only with --reveal.

    \b
    slipway config get LOG_LEVEL --env prod
    slipway config get DATABASE_URL --env prod --reveal

    Exit codes: 0 printed, 1 failed or not revealed, 2 wrong settings or usage.
    """
    from slipway.cli import config as command

    command.get(name, env=env, reveal=reveal, json=json)


@config.command("set")
def set_one(
    name: Name,
    value: Annotated[
        str | None, typer.Argument(metavar="[VALUE]", help="A plain value; left out, a secret is asked for.")
    ] = None,
    *,
    env: Env = None,
    dry_run: DryRun = False,
    json: Json = False,
) -> None:
    """Set one variable: a plain value, or a secret that is asked for.

    \b
    slipway config set LOG_LEVEL debug --env prod     a plain value (String)
    slipway config set DATABASE_URL --env prod        a secret (SecureString), asked for without echo
    slipway config set DATABASE_URL --env prod <file  ... or read from standard input

    Secrets are encrypted with the environment's key. One line, at most 4 KB.

    Exit codes: 0 set, 1 failed, 2 wrong settings or usage.
    """
    from slipway.cli import config as command

    command.set_one(name, value, env=env, dry_run=dry_run, json=json)


@config.command()
def delete(
    name: Name,
    *,
    env: Env = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    dry_run: DryRun = False,
    json: Json = False,
) -> None:
    """Delete one variable, with its earlier values; asks first.

    \b
    slipway config delete LOG_LEVEL --env staging
    slipway config delete LOG_LEVEL --env staging --yes

    Exit codes: 0 deleted, 1 failed or not agreed to, 2 wrong settings or usage.
    """
    from slipway.cli import config as command

    command.delete(name, env=env, yes=yes, dry_run=dry_run, json=json)
