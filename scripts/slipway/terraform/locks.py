"""Finds out who holds a state's lock, from Terraform's error message, and where the lock object is."""

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from plan_review.cdktf_stack import STACK_FILE
from slipway.terraform.events import Diagnostic

REFUSAL = "Error acquiring the state lock"
HINT = "\n\nTerraform acquires a state lock to protect"  # the rest advises -lock=false, which can lose state
UNREADABLE = "failed to unmarshal JSON data into LockInfo"
FIELD = re.compile(r"^ +(ID|Path|Operation|Who|Version|Created): +(\S.*?) *$", re.MULTILINE)
TIME = re.compile(r"^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)")
OPERATIONS = {
    "OperationTypeApply": "an apply",
    "OperationTypePlan": "a plan",
    "OperationTypeRefresh": "a refresh",
}


@dataclass(frozen=True)
class Lock:
    """A lock that another process holds. since: None if Terraform's time cannot be parsed."""

    id: str
    who: str
    operation: str
    since: datetime | None

    def held(self, now: datetime) -> str:
        """A sentence that says who holds the lock, since when, and for which operation."""
        since = f" since {self.since:%Y-%m-%d %H:%M:%S} UTC, {_ago(now - self.since)}" if self.since else ""
        return f"{self.who} holds the lock{since}, for {self.operation}"


@dataclass(frozen=True)
class LockObject:
    """The object in the state bucket that locks a state while it exists."""

    bucket: str
    key: str
    region: str

    @classmethod
    def of(cls, directory: Path) -> "LockObject | None":
        """The lock object of the stack in a directory; None if its backend cannot be read or is not S3."""
        try:
            stack = json.loads((directory / STACK_FILE).read_text(encoding="utf-8"))
            s3 = stack["terraform"]["backend"]["s3"]
            return cls(str(s3["bucket"]), f"{s3['key']}.tflock", str(s3["region"]))
        except (OSError, ValueError, LookupError, TypeError):
            return None


def find(diagnostic: Diagnostic) -> Lock | None:
    """The lock that a diagnostic reports; None if it reports something else."""
    if diagnostic.summary != REFUSAL:
        return None
    fields = {match[1]: match[2] for match in FIELD.finditer(diagnostic.detail)}
    if "ID" not in fields:
        return None
    operation = fields.get("Operation", "")
    return Lock(
        id=fields["ID"],
        who=fields.get("Who", "an unknown user"),
        operation=OPERATIONS.get(operation, operation or "an unknown operation"),
        since=_time(fields.get("Created", "")),
    )


def is_damaged(diagnostic: Diagnostic) -> bool:
    """Whether a diagnostic reports a lock without an id, which ``force-unlock`` cannot remove."""
    said = diagnostic.detail
    return diagnostic.summary == REFUSAL and (
        UNREADABLE in said or ("Lock Info:" in said and find(diagnostic) is None)
    )


def _time(text: str) -> datetime | None:
    """Parse a time as Go formats it (always UTC here), without nanoseconds; None if it is not set."""
    match = TIME.match(text)
    if not match or match[1].startswith("0001"):  # Go's zero time: not set
        return None
    return datetime.fromisoformat(match[1]).replace(tzinfo=UTC)


def _ago(elapsed: timedelta) -> str:
    seconds = max(0, int(elapsed.total_seconds()))
    if seconds < 120:
        return f"{seconds} s ago"
    return f"{seconds // 60} min ago" if seconds < 7200 else f"{seconds // 3600} h ago"
