"""Says in plain words what Terraform could not do."""

import shlex
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from slipway.console.errors import SlipwayError
from slipway.terraform import commands, locks
from slipway.terraform.events import Diagnostic

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
    errors = [each for each in diagnostics if each.severity == "error" and each.summary != HALTED]
    for each in errors:
        lock = locks.find(each)
        if lock:
            return locked(lock, directory, now or datetime.now(UTC))
    what = f"terraform {command[1]} failed in {directory}"
    return SlipwayError(what, why="\n".join(render(each) for each in errors) or error.strip())


def locked(lock: locks.Lock, directory: Path, now: datetime) -> SlipwayError:
    """The error to raise for a state that somebody else is changing."""
    unlock = shlex.join(commands.force_unlock(lock.id, directory=str(directory)))
    return SlipwayError(
        f"the state of {directory.name} is locked",
        why=lock.held(now),
        then="wait until it is done, and try again. Only if it is certain that it no longer runs,\n"
        f"take the lock away: {unlock}",
    )


def render(diagnostic: Diagnostic) -> str:
    """A diagnostic as text: where it has one, its resource stands first."""
    where = f"{diagnostic.address}: " if diagnostic.address else ""
    detail = f"\n{diagnostic.detail}" if diagnostic.detail else ""
    return f"{where}{diagnostic.summary}{detail}"
