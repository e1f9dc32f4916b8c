"""Reads Terraform's stream of JSON lines into typed events.

The format: Terraform's documentation, "Machine-Readable UI". Kinds that nothing here needs are left out.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

Fields = Mapping[str, object]


@dataclass(frozen=True)
class ResourceEvent:
    """Something that happens to a resource. action: create, update, delete or read; seconds: so far."""

    address: str
    action: str = ""
    seconds: float = 0


class Refreshing(ResourceEvent):
    """A resource's real state is being read."""


class Planned(ResourceEvent):
    """Something is to be done to a resource, or an output of it has drifted."""


class Started(ResourceEvent):
    """Work on a resource began."""


class Progressed(ResourceEvent):
    """Work on a resource goes on."""


class Completed(ResourceEvent):
    """Work on a resource is done."""


class Errored(ResourceEvent):
    """Work on a resource failed; a diagnostic says why."""


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


Event = ResourceEvent | Counted | Diagnostic | Outputs

COUNTS = {"added": "add", "changed": "change", "removed": "remove", "imported": "import"}
OF_RESOURCES: Mapping[str, tuple[type[ResourceEvent], str]] = {
    "refresh_start": (Refreshing, "hook"),
    "planned_change": (Planned, "change"),
    "apply_start": (Started, "hook"),
    "apply_progress": (Progressed, "hook"),
    "apply_complete": (Completed, "hook"),
    "apply_errored": (Errored, "hook"),
}
"""By the line's type: what it tells, and the key that says of what."""


def parse(line: str) -> Event | None:
    """The event that a line tells of; None for lines that tell of none, or are not JSON."""
    try:
        message = json.loads(line)
    except ValueError:
        return None
    match message:
        case {"type": str(kind)} if kind in OF_RESOURCES:
            event, key = OF_RESOURCES[kind]
            about = _table(message, key)
            address = str(_table(about, "resource").get("addr", ""))
            return event(address, str(about.get("action", "")), _number(about, "elapsed_seconds"))
        case {"type": "change_summary"}:
            changes = _table(message, "changes")
            counts = {name: _number(changes, key) for name, key in COUNTS.items()}
            return Counted(str(changes.get("operation")), **counts)
        case {"type": "diagnostic"}:
            found = _table(message, "diagnostic")
            said = (str(found.get(key) or "") for key in ("severity", "summary", "detail", "address"))
            severity, summary, detail, address = said
            return Diagnostic(severity, summary, detail.strip(), address)
        case {"type": "outputs"}:
            return _outputs(_table(message, "outputs"))
    return None


def _outputs(outputs: Fields) -> Outputs | None:
    """Only the line that ends an apply has values; the one that ends a plan has actions."""
    known = {name: output for name, output in outputs.items() if isinstance(output, dict)}
    if any("action" in each for each in known.values()):
        return None
    return Outputs({name: each.get("value") for name, each in known.items() if not each.get("sensitive")})


def _table(message: Fields, key: str) -> Fields:
    value = message.get(key)
    return value if isinstance(value, dict) else {}


def _number(fields: Fields, key: str) -> int:
    value = fields.get(key, 0)
    return int(value) if isinstance(value, (int, float)) else 0
