"""Says in plain words what Terraform could not do."""

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
HALTED = "execution halted"  # Terraform's echo of our own interrupt


def failure(
    command: commands.Command,
    directory: Path,
    diagnostics: Sequence[Diagnostic],
    error: str,
    *,
    now: datetime | None = None,
) -> SlipwayError:
    """The error to raise for a command that failed, from its diagnostics or else its last words."""
    errors = [
        diagnostic
        for diagnostic in diagnostics
        if diagnostic.severity == "error" and diagnostic.summary != HALTED
    ]
    for each in errors:
        lock = locks.find(each)
        if lock:
            return locked(lock, directory, now or datetime.now(UTC), program=command[0])
        place = locks.LockObject.of(directory) if locks.is_damaged(each) else None
        if place:
            return damaged(place, directory)
        if missing := NO_CONNECTION.search(each.summary):
            return _no_connection(missing[1], directory)
    what = f"{Path(command[0]).name} {command[1]} failed in {directory}"
    return SlipwayError(what, why="\n".join(render(each) for each in errors) or error.strip())


def _no_connection(name: str, directory: Path) -> SlipwayError:
    """The error to raise for a delivery stack that is planned before the foundation is applied."""
    return SlipwayError(
        f"{directory.name} cannot be planned yet: there is no connection {name}",
        why="the foundation stack makes it, and a person completes its handshake",
        then="apply the foundation stack, complete the handshake in AWS's console, and try again",
    )


def locked(lock: locks.Lock, directory: Path, now: datetime, *, program: str = TERRAFORM) -> SlipwayError:
    """The error to raise for a state that somebody else is changing."""
    unlock = command_line(*commands.by(program, commands.force_unlock(lock.id, directory=str(directory))))
    return SlipwayError(
        f"the state of {directory.name} is locked",
        why=lock.held(now),
        then="wait until it is done, and try again. Only if it is certain that it no longer runs,\n"
        f"take the lock away: {unlock}",
    )


def damaged(lock: locks.LockObject, directory: Path) -> SlipwayError:
    """The error to raise for a lock that does not say whose it is, which only deleting takes away."""
    where = ("--bucket", lock.bucket, "--key", lock.key, "--region", lock.region)
    return SlipwayError(
        f"the state of {directory.name} is locked, and the lock does not say by whom",
        why=f"{lock.key} in {lock.bucket} is empty or damaged, and is not a lock of Terraform's",
        then="wait until nobody works on this state, and try again. Only if it is certain that nobody does,\n"
        "delete this one object, the lock; the state is another:\n"
        f"{command_line('aws', 's3api', 'delete-object', *where)}",
    )


def render(diagnostic: Diagnostic) -> str:
    """A diagnostic as text: where it has one, its resource stands first."""
    where = f"{diagnostic.address}: " if diagnostic.address else ""
    said = diagnostic.detail.partition(locks.HINT)[0]
    detail = f"\n{said}" if said else ""
    return f"{where}{diagnostic.summary}{detail}"
