"""Reads Terraform's stream of JSON lines into typed events.

The format: Terraform's documentation, "Machine-Readable UI". Kinds that nothing here needs are left out.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

Fields = Mapping[str, object]


@dataclass(frozen=True)
class Refreshing:
    """A resource's real state is being read."""

    address: str


@dataclass(frozen=True)
class Planned:
    """Something is to be done to a resource, or an output of it has drifted."""

    address: str
    action: str


@dataclass(frozen=True)
class Counted:
    """How many resources an operation (plan, apply or destroy) is to change, or has changed."""

    operation: str
    added: int = 0
    changed: int = 0
    removed: int = 0
    imported: int = 0

    @property
    def total(self) -> int:
        """How many steps that is."""
        return self.added + self.changed + self.removed


@dataclass(frozen=True)
class Started:
    """Work on a resource began; action is create, update, delete or read."""

    address: str
    action: str


@dataclass(frozen=True)
class Progressed:
    """Work on a resource goes on."""

    address: str
    action: str
    seconds: float


@dataclass(frozen=True)
class Completed:
    """Work on a resource is done."""

    address: str
    action: str
    seconds: float


@dataclass(frozen=True)
class Errored:
    """Work on a resource failed; a diagnostic says why."""

    address: str
    action: str
    seconds: float


@dataclass(frozen=True)
class Diagnostic:
    """An error or a warning; address is the resource's, empty if it is about none."""

    severity: str
    summary: str
    detail: str = ""
    address: str = ""


@dataclass(frozen=True)
class Outputs:
    """The stack's outputs after an apply; the secret ones are left out."""

    values: Mapping[str, object] = field(default_factory=dict)


Event = Refreshing | Planned | Counted | Started | Progressed | Completed | Errored | Diagnostic | Outputs


def parse(line: str) -> Event | None:
    """The event that a line tells of; None for lines that tell of none, or are not JSON."""
    try:
        message = json.loads(line)
    except ValueError:
        return None
    if not isinstance(message, dict):
        return None
    kind = PARSERS.get(str(message.get("type")))
    return kind(message) if kind else None


def _refreshing(message: Fields) -> Event:
    return Refreshing(_address(message, "hook"))


def _planned(message: Fields) -> Event:
    return Planned(_address(message, "change"), str(_table(message, "change").get("action")))


def _counted(message: Fields) -> Event:
    changes = _table(message, "changes")
    counts = {name: _number(changes, key) for name, key in COUNTS.items()}
    return Counted(str(changes.get("operation")), **counts)


def _started(message: Fields) -> Event:
    return Started(_address(message, "hook"), _action(message))


def _progressed(message: Fields) -> Event:
    return Progressed(
        _address(message, "hook"), _action(message), _number(_table(message, "hook"), "elapsed_seconds")
    )


def _completed(message: Fields) -> Event:
    return Completed(
        _address(message, "hook"), _action(message), _number(_table(message, "hook"), "elapsed_seconds")
    )


def _errored(message: Fields) -> Event:
    return Errored(
        _address(message, "hook"), _action(message), _number(_table(message, "hook"), "elapsed_seconds")
    )


def _diagnostic(message: Fields) -> Event:
    found = _table(message, "diagnostic")
    severity, summary, detail, address = (
        str(found.get(key) or "") for key in ("severity", "summary", "detail", "address")
    )
    return Diagnostic(severity, summary, detail.strip(), address)


def _outputs(message: Fields) -> Event | None:
    """Only the line that ends an apply has values; the one that ends a plan has actions."""
    outputs = {name: each for name, each in _table(message, "outputs").items() if isinstance(each, dict)}
    if any("action" in each for each in outputs.values()):
        return None
    return Outputs({name: each.get("value") for name, each in outputs.items() if not each.get("sensitive")})


COUNTS = {"added": "add", "changed": "change", "removed": "remove", "imported": "import"}
PARSERS: Mapping[str, Callable[[Fields], Event | None]] = {
    "refresh_start": _refreshing,
    "planned_change": _planned,
    "change_summary": _counted,
    "apply_start": _started,
    "apply_progress": _progressed,
    "apply_complete": _completed,
    "apply_errored": _errored,
    "diagnostic": _diagnostic,
    "outputs": _outputs,
}


def _table(message: Fields, key: str) -> Fields:
    value = message.get(key)
    return value if isinstance(value, dict) else {}


def _address(message: Fields, key: str) -> str:
    return str(_table(_table(message, key), "resource").get("addr", ""))


def _action(message: Fields) -> str:
    return str(_table(message, "hook").get("action", ""))


def _seconds(message: Fields) -> int:
    return _number(_table(message, "hook"), "elapsed_seconds")


def _number(fields: Fields, key: str) -> int:
    value = fields.get(key, 0)
    return int(value) if isinstance(value, (int, float)) else 0
