"""How a deployment is going: its hosts, each with its lifecycle events."""

from dataclasses import dataclass
from datetime import datetime

SUCCEEDED, FAILED, GONE = "Succeeded", "Failed", "gone"
ENDED = (SUCCEEDED, FAILED, "Stopped")


@dataclass(frozen=True, kw_only=True)
class Event:
    """One lifecycle event on one host; script, message and log are of what failed there."""

    name: str
    status: str
    started: datetime | None = None
    ended: datetime | None = None
    script: str = ""
    message: str = ""
    log: str = ""

    @property
    def seconds(self) -> float | None:
        """How long it took, once it has ended."""
        return (self.ended - self.started).total_seconds() if self.started and self.ended else None


@dataclass(frozen=True, kw_only=True)
class Host:
    """One host; its status is ``gone`` where it was there before and CodeDeploy knows it no more."""

    id: str
    status: str
    events: tuple[Event, ...] = ()

    @property
    def current(self) -> Event | None:
        """The event that is going on."""
        return next((each for each in self.events if each.status == "InProgress"), None)

    @property
    def failed(self) -> Event | None:
        """The event that failed first."""
        return next((each for each in self.events if each.status == FAILED), None)

    @property
    def done(self) -> int:
        """How many events are over."""
        return sum(each.status in ("Succeeded", "Failed", "Skipped") for each in self.events)


@dataclass(frozen=True, kw_only=True)
class Course:
    """A deployment as it is now. followed_by: the one that CodeDeploy made to take it back."""

    id: str
    group: str
    status: str
    created: datetime
    completed: datetime | None = None
    description: str = ""
    error_code: str = ""
    error: str = ""
    followed_by: str = ""
    rollback_message: str = ""
    hosts: tuple[Host, ...] = ()

    @property
    def has_ended(self) -> bool:
        """Whether nothing more will happen."""
        return self.status in ENDED

    @property
    def succeeded(self) -> bool:
        """Whether it went well."""
        return self.status == SUCCEEDED

    def count(self, status: str) -> int:
        """How many hosts have a status."""
        return sum(each.status == status for each in self.hosts)
