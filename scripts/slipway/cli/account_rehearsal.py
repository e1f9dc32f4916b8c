"""Starts a rehearsal in an AWS account, or continues one that was interrupted or kept."""

import os
from dataclasses import dataclass
from pathlib import Path

from local.emulator import overrides
from plan_review.errors import ExplainedError
from slipway import console
from slipway.account_rehearsal import before, record, run, settings
from slipway.account_rehearsal.record import AccountRehearsal
from slipway.account_rehearsal.sandbox import Sandbox
from slipway.aws.clients import Aws, is_emulated, require_account
from slipway.checkout import project, workdir
from slipway.checkout.project import SETTINGS, Project
from slipway.console import confirm, documents
from slipway.console.errors import INTERRUPTED, SlipwayError, UsageError
from slipway.console.shell import export


@dataclass(frozen=True, kw_only=True)
class AccountOptions:
    """The command's options.

    beside: allow an account that has the settings' own stacks. destroy: only destroy.
    """

    yes: bool = False
    keep: bool = False
    beside: bool = False
    destroy: bool = False
    json: bool = False


def rehearse(options: AccountOptions) -> None:
    """Rehearse in the account of the credentials. Raises StaysError on Ctrl-C."""
    if options.keep and options.destroy:
        raise UsageError("--keep and --destroy cannot be used together", then="use one of them")
    confirm.require_somebody(yes=options.yes)
    found = project.find(Path.cwd())
    with workdir.kept(found.working, settings.DIRECTORY) as directory:
        sandbox, known = _sandbox(found, directory, options)
        _ask(sandbox, known, options)
        try:
            ended = _play(sandbox, known or _empty(sandbox), options)
        except KeyboardInterrupt:
            raise StaysError(sandbox) from None
        except ExplainedError:
            console.message(_stays(sandbox))
            raise
        finally:
            kept = record.read(directory)
            if kept and options.json:
                documents.show(kept)
        console.message(f"record: {os.path.relpath(directory / record.FILE)}")
        if not ended.destroyed:
            console.message(_stays(sandbox))


def _sandbox(
    found: Project, directory: Path, options: AccountOptions
) -> tuple[Sandbox, AccountRehearsal | None]:
    """The rehearsal that is in progress in the directory, with its record; else a new one, with None."""
    known = record.read(directory)
    under_way = (directory / settings.FILE).is_file() and not (known and known.destroyed)
    aws = Aws(found.settings.region)
    if under_way:
        rehearsed = settings.kept(found.root, directory)
        aws = Aws(rehearsed.settings.region)
        require_account(aws, rehearsed.settings.account)
    elif options.destroy:
        raise UsageError(
            f"no rehearsal to destroy found in {os.path.relpath(directory)}",
            then="run the command in the checkout that started the rehearsal",
        )
    else:
        account = aws.identity.account
        if not options.beside:
            before.refuse_beside_stacks(aws, found.settings, account)
        rehearsed = settings.begin(found.root, directory, found.settings, account)
        (directory / record.FILE).unlink(missing_ok=True)
        known = None
    return Sandbox(rehearsed, found.settings, aws, directory, _pointed), known


class StaysError(SlipwayError):
    """The rehearsal was interrupted; its resources still exist."""

    exit_code = INTERRUPTED

    def __init__(self, sandbox: Sandbox) -> None:
        super().__init__("interrupted", why=_stays(sandbox))


def _ask(sandbox: Sandbox, known: AccountRehearsal | None, options: AccountOptions) -> None:
    names = sandbox.project.names
    if known is None and not options.destroy:
        for line in before.announcement(sandbox):
            console.message(line)
        question = "Start the rehearsal?"
    else:
        console.message(f"{names.service} in account {names.account}, {names.region}")
        question = "Destroy it?" if options.destroy else "Continue?"
    if not options.yes:
        confirm.agree(question)


def _play(sandbox: Sandbox, known: AccountRehearsal, options: AccountOptions) -> AccountRehearsal:
    if options.destroy:
        return run.destroy(sandbox, known)
    played = run.play(sandbox, known)
    return played if options.keep else run.destroy(sandbox, played)


def _empty(sandbox: Sandbox) -> AccountRehearsal:
    names = sandbox.project.names
    return AccountRehearsal(
        service=names.service,
        region=names.region,
        emulated=is_emulated(os.environ),
        truth=record.TRUTH,
        passed=False,
        destroyed=False,
    )


def _pointed(output: Path) -> None:
    """Write provider overrides into the synthesised stacks, if AWS is emulated."""
    if is_emulated(os.environ):
        overrides.write(output)


def _stays(sandbox: Sandbox) -> str:
    look = export(SETTINGS, os.path.relpath(sandbox.directory / settings.FILE))
    return "\n".join(
        [
            f"the resources of {sandbox.project.names.service} still exist and cost money;",
            "to continue:        slipway rehearse --account",
            "to destroy them:    slipway rehearse --account --destroy",
            f"for other commands: {look}",
        ]
    )
