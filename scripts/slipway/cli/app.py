"""The commands, their options and their help; each loads what it needs only when it runs."""

from typing import Annotated

import typer

from slipway.cli import acting, looking, reviewing, service
from slipway.cli.group import Group

app = typer.Typer(
    cls=Group,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


@app.callback()
def slipway() -> None:
    """Ship a container from a commit to running hosts on AWS.

    \b
    slipway demo                    apply every stack to an emulated AWS, here and now
    slipway rehearse                play a whole release on this machine: good, broken, rolled back
    slipway validate                check pipeline.toml
    slipway bootstrap               make the bucket for Terraform's state
    slipway destroy                 take everything down again

    \b
    slipway plan                    what would change in AWS, reviewed
    slipway review PLAN.json        the same of any Terraform plan

    \b
    slipway doctor                  whether everything is there that a first deployment needs
    slipway status                  what runs where, and what the pipeline waits for
    slipway releases                what can be deployed, and what a rollback would pick

    \b
    slipway logs                    what the service, its hosts and builds write
    slipway config                  the service's variables and secrets

    \b
    slipway rollback                go back to what ran before, or to any commit
    slipway deploy                  deploy any commit that was built
    slipway resume                  let the pipeline go on after a rollback
    slipway watch                   a deployment, host by host
    slipway approve                 let the waiting release in; slipway reject keeps it out

    \b
    Run it where pipeline.toml is; SLIPWAY_SETTINGS names another file.
    Exit codes: 0 done, 1 failed, 2 wrong settings or usage, 130 interrupted.
    """


@app.command()
def demo(
    keep: Annotated[
        bool, typer.Option("--keep", help="Leave the emulated AWS up, and say how to use it.")
    ] = False,
    stop: Annotated[bool, typer.Option("--stop", help="Stop every emulated AWS that was kept.")] = False,
) -> None:
    """Apply every stack to an emulated AWS, and plan again.

    \b
    slipway demo                    takes about four minutes, needs no account
    slipway demo --keep             ... and leaves the emulated AWS up
    slipway demo --stop             stops what was left up

    Real Terraform and the real AWS provider; only AWS itself is emulated, on this machine.
    Everything it writes is below .slipway/.

    Exit codes: 0 applied and planned again to nothing, 1 failed, 2 wrong settings, 130 interrupted.
    """
    from slipway.cli import demo as command

    if stop:
        command.stop()
    else:
        command.demo(keep=keep)


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
    from slipway.cli import rehearse as command

    if faults:
        command.faults()
    else:
        command.rehearse()


@app.command()
def validate() -> None:
    """Check pipeline.toml, and list the stacks that it makes.

    \b
    slipway validate                every mistake at once

    Exit codes: 0 there is no mistake, 2 there is one.
    """
    from slipway.cli import validate as command

    command.validate()


@app.command()
def bootstrap(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only look; say what would be done.")] = False,
) -> None:
    """Make the S3 bucket that holds Terraform's state, or repair it.

    \b
    slipway bootstrap --dry-run     says what is missing
    slipway bootstrap               does it; run again, it finds everything done

    The bucket is versioned, encrypted, private, and reached over TLS only.
    Needs credentials of the account that pipeline.toml names.

    Exit codes: 0 it is as it has to be, or will be; 1 failed; 2 wrong settings.
    """
    from slipway.cli import bootstrap as command

    command.bootstrap(dry_run=dry_run)


@app.command()
def destroy(
    env: Annotated[
        str | None, typer.Option("--env", metavar="NAME", help="Only this environment's stack.")
    ] = None,
    yes: Annotated[
        str | None,
        typer.Option("--yes", metavar="SERVICE", help="The service's name, in place of the question."),
    ] = None,
    state_bucket: Annotated[
        bool, typer.Option("--state-bucket", help="At the end the state bucket too, with all its versions.")
    ] = False,
) -> None:
    """Take everything down again: says what will be lost, and asks first.

    \b
    slipway destroy                 every stack; the state bucket stays
    slipway destroy --env staging   only what runs in staging
    slipway destroy --state-bucket  every stack, then the state bucket
    slipway destroy --yes my-app    does not ask

    Interrupted, run it again: it goes on from there.

    Exit codes: 0 destroyed, 1 failed or not agreed to, 2 wrong settings or usage, 130 interrupted.
    """
    from slipway.cli import destroy as command

    command.destroy(env=env, yes=yes, state_bucket=state_bucket)


looking.add(app)
acting.add(app)
service.add(app)
reviewing.add(app)
