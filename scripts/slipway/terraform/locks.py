"""Tells who holds a state's lock, from the words that Terraform refuses with."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from slipway.terraform.events import Diagnostic

REFUSAL = "Error acquiring the state lock"
FIELD = re.compile(r"^ +(ID|Path|Operation|Who|Version|Created): +(\S.*?) *$", re.MULTILINE)
TIME = re.compile(r"^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)")
OPERATIONS = {
    "OperationTypeApply": "an apply",
    "OperationTypePlan": "a plan",
    "OperationTypeRefresh": "a refresh",
}


@dataclass(frozen=True)
class Lock:
    """A lock that somebody else holds; since is None where Terraform's time cannot be read."""

    id: str
    who: str
    operation: str
    since: datetime | None

    def held(self, now: datetime) -> str:
        """Who has held it since when, and for what, in a sentence's words."""
        since = f" since {self.since:%Y-%m-%d %H:%M:%S} UTC, {_ago(now - self.since)}" if self.since else ""
        return f"{self.who} holds the lock{since}, for {self.operation}"


def find(diagnostic: Diagnostic) -> Lock | None:
    """The lock that a diagnostic complains of, if that is what it complains of."""
    if diagnostic.summary != REFUSAL:
        return None
    fields = {match[1]: match[2] for match in FIELD.finditer(diagnostic.detail)}
    if "ID" not in fields:
        return None
    operation = fields.get("Operation", "")
    return Lock(
        id=fields["ID"],
        who=fields.get("Who", "somebody"),
        operation=OPERATIONS.get(operation, operation or "an unknown operation"),
        since=_time(fields.get("Created", "")),
    )


def _time(text: str) -> datetime | None:
    """Go's rendering of a time, always UTC here, without its nanoseconds."""
    match = TIME.match(text)
    return datetime.fromisoformat(match[1]).replace(tzinfo=UTC) if match else None


def _ago(elapsed: timedelta) -> str:
    seconds = max(0, int(elapsed.total_seconds()))
    if seconds < 120:
        return f"{seconds} s ago"
    return f"{seconds // 60} min ago" if seconds < 7200 else f"{seconds // 3600} h ago"
