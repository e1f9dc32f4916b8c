"""Makes SlipwayErrors from Terraform's diagnostics."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from slipway.console.errors import SlipwayError
from slipway.console.shell import command_line
from slipway.processes.terraform_program import TERRAFORM
from slipway.terraform import commands, locks
from slipway.terraform.events import Diagnostic

NO_CONNECTION = re.compile(r"CodeStar Connections Connection \((.+)\): not found")  # the AWS provider's words
HALTED = "execution halted"  # Terraform reports this after an interrupt


def failure(
    command: commands.Command,
    directory: Path,
    diagnostics: Sequence[Diagnostic],
    error: str,
    *,
    now: datetime | None = None,
) -> SlipwayError:
    """The error for a command that failed, from its diagnostics, else from its stderr.

    now: Default: the time.
    """
    errors = [
        diagnostic
        for diagnostic in diagnostics
        if diagnostic.severity == "error" and diagnostic.summary != HALTED
    ]
    for diagnostic in errors:
        lock = locks.find(diagnostic)
        if lock:
            return locked(lock, directory, now or datetime.now(UTC), program=command[0])
        place = locks.LockObject.of(directory) if locks.is_damaged(diagnostic) else None
        if place:
            return damaged(place, directory)
        if missing := NO_CONNECTION.search(diagnostic.summary):
            return _no_connection(missing[1], directory)
    what = f"{Path(command[0]).name} {command[1]} failed in {directory}"
    return SlipwayError(
        what,
        why="\n".join(map(render, errors)) or error.strip(),
        then="correct the problem, then run the command again",
    )


def _no_connection(name: str, directory: Path) -> SlipwayError:
    """The error for a delivery stack that is planned before the foundation stack is applied."""
    return SlipwayError(
        f"{directory.name} cannot be planned yet: the connection {name} does not exist",
        why="the foundation stack creates it, and it must be completed in the console",
        then="apply the foundation stack, complete the connection in AWS's console, then plan again",
    )


def locked(lock: locks.Lock, directory: Path, now: datetime, *, program: str = TERRAFORM) -> SlipwayError:
    """The error for a state that another process has locked."""
    unlock = command_line(*commands.by(program, commands.force_unlock(lock.id, directory=str(directory))))
    return SlipwayError(
        f"the state of {directory.name} is locked",
        why=lock.held(now),
        then="wait until it has finished, then try again. Only if you are sure that it no longer runs,\n"
        f"remove the lock: {unlock}",
    )


def damaged(lock: locks.LockObject, directory: Path) -> SlipwayError:
    """The error for a lock object that names no holder, and must therefore be deleted in S3."""
    where = ("--bucket", lock.bucket, "--key", lock.key, "--region", lock.region)
    return SlipwayError(
        f"the state of {directory.name} is locked, but the lock does not name its holder",
        why=f"{lock.key} in {lock.bucket} is empty or damaged: it is no valid lock of Terraform",
        then="wait until no other process uses this state, then try again. Only if you are sure that none\n"
        "does, delete the lock object; this does not delete the state:\n"
        f"{command_line('aws', 's3api', 'delete-object', *where)}",
    )


def render(diagnostic: Diagnostic) -> str:
    """A diagnostic as text, after the address of its resource if it has one."""
    where = f"{diagnostic.address}: " if diagnostic.address else ""
    said = diagnostic.detail.partition(locks.HINT)[0]
    detail = f"\n{said}" if said else ""
    return f"{where}{diagnostic.summary}{detail}"
