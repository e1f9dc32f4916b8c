"""The record of a rehearsal, written to rehearsal.json; docs/rehearsal.md describes each field."""

from dataclasses import asdict, dataclass, field
from typing import Any  # JSON

SCHEMA = 1
PENDING, IN_PROGRESS = "Pending", "InProgress"


@dataclass(kw_only=True)
class EventRecord:
    """A lifecycle event on a host. at: seconds since the rehearsal began.

    message, log: of a failed event, as CodeDeploy's console shows them.
    """

    name: str
    at: float
    seconds: float
    status: str
    message: str = ""
    log: str = ""


@dataclass(kw_only=True)
class HostRecord:
    """A host's part in a deployment. status: Succeeded, Failed, or Skipped if nothing was done on it."""

    name: str
    status: str = PENDING
    why: str = ""
    events: list[EventRecord] = field(default_factory=list)


@dataclass(kw_only=True)
class DeploymentRecord:
    """A deployment.

    agent: the major version of CodeDeploy's agent on the hosts. rollback_of: the id of the failed deployment
    that CodeDeploy rolled back with it.
    """

    id: str
    commit: str
    at: float
    seconds: float = 0.0
    status: str = IN_PROGRESS
    rollback_of: str = ""
    agent: int = 1
    hosts: list[HostRecord] = field(default_factory=list)

    @property
    def seconds_without_draining(self) -> float:
        """Its duration without draining, which depends on the target group's deregistration delay."""
        return self._seconds_without("BlockTraffic")

    @property
    def seconds_without_load_balancer(self) -> float:
        """Its duration without draining and without waiting for the target group's health checks."""
        return self._seconds_without("BlockTraffic", "AllowTraffic")

    def _seconds_without(self, *names: str) -> float:
        """Its duration without these events; correct if hosts are deployed to one at a time."""
        events = [event for host in self.hosts for event in host.events if event.name in names]
        return round(self.seconds - sum(event.seconds for event in events), 2)


@dataclass(kw_only=True)
class BuildRecord:
    """A build: its commit, its image's digest, and the seconds of each phase and of the push."""

    commit: str
    digest: str
    at: float
    seconds: float
    phases: dict[str, float]
    push_seconds: float


@dataclass(kw_only=True)
class Expectation:
    """A check: what is expected, whether it holds, and what was found instead."""

    what: str
    holds: bool
    found: str = ""


@dataclass(kw_only=True)
class Traffic:
    """The number of requests in one second. commit: which answered; empty for failures."""

    at: int
    commit: str
    requests: int


@dataclass(kw_only=True)
class StepRecord:
    """One step: its builds and deployments, the requests during it, and its checks.

    command_seconds: of the command that was run in it, if any. downtime_seconds: in which neither the old nor
    the new container answered on the first host, if it was measured.
    """

    title: str
    at: float
    seconds: float = 0.0
    command_seconds: float = 0.0
    downtime_seconds: float | None = None
    requests: int = 0
    failed_requests: int = 0
    failures: list[str] = field(default_factory=list)
    traffic: list[Traffic] = field(default_factory=list)
    builds: list[BuildRecord] = field(default_factory=list)
    deployments: list[DeploymentRecord] = field(default_factory=list)
    checks: list[Expectation] = field(default_factory=list)

    @property
    def passed(self) -> bool:
        """Whether every check holds."""
        return all(check.holds for check in self.checks)

    @property
    def words(self) -> str:
        """The outcome, in one line."""
        if not self.passed:
            return f"failed: {sum(not check.holds for check in self.checks)} of {len(self.checks)} checks"
        failed = self.failed_requests or "none"
        asked = f", {self.requests} requests, {failed} failed" if self.requests else ""
        return f"passed: {len(self.checks)} checks{asked}"

    def expect(self, what: str, holds: bool, found: object = "") -> None:
        """Records a check. what: the expectation; found: what was found instead if it does not hold."""
        self.checks.append(Expectation(what=what, holds=holds, found=str(found)))


@dataclass(kw_only=True)
class RehearsalRecord:
    """A whole rehearsal. names: the commits' names by their hashes; times: durations in seconds."""

    service: str
    environment: str
    engine: str
    started_at: str
    base_image: str = ""
    schema: int = SCHEMA
    seconds: float = 0.0
    passed: bool = False
    failed_requests: int = 0
    names: dict[str, str] = field(default_factory=dict)
    times: dict[str, float | None] = field(default_factory=dict)
    steps: list[StepRecord] = field(default_factory=list)

    def settle(self, seconds: float) -> None:
        """Sets the totals. Called when the rehearsal ends."""
        self.seconds = round(seconds, 1)
        self.failed_requests = sum(step.failed_requests for step in self.steps)
        self.passed = bool(self.steps) and all(step.passed for step in self.steps)

    @property
    def broken(self) -> list[str]:
        """The checks that failed, one line each."""
        return [
            f"{step.title}: {check.what}" + (f", but {check.found}" if check.found else "")
            for step in self.steps
            for check in step.checks
            if not check.holds
        ]

    def as_json(self) -> dict[str, Any]:
        """The record as a JSON document."""
        document = asdict(self)
        for step, written in zip(self.steps, document["steps"], strict=True):
            written["passed"] = step.passed
        return document
