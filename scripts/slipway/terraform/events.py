"""Parses Terraform's JSON lines into typed events.

The format: Terraform's documentation, "Machine-Readable UI". Types that are not needed here are ignored.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

Fields = Mapping[str, object]


@dataclass(frozen=True)
class ResourceEvent:
    """An event of a resource. action: create, update, delete or read. seconds: elapsed so far."""

    address: str
    action: str = ""
    seconds: float = 0


class Refreshing(ResourceEvent):
    """A resource's state is being read from AWS."""


class Planned(ResourceEvent):
    """A change of a resource is planned, or the resource has drifted."""


class Started(ResourceEvent):
    """A change of a resource has started."""


class Progressed(ResourceEvent):
    """A change of a resource is in progress."""


class Completed(ResourceEvent):
    """A change of a resource is complete."""


class Errored(ResourceEvent):
    """A change of a resource failed; a diagnostic says why."""


@dataclass(frozen=True)
class Counted:
    """How many resources an operation (plan, apply or destroy) will change, or has changed."""

    operation: str
    added: int = 0
    changed: int = 0
    removed: int = 0
    imported: int = 0

    @property
    def total(self) -> int:
        """The number of resources added, changed and removed."""
        return self.added + self.changed + self.removed


@dataclass(frozen=True)
class Diagnostic:
    """An error or a warning. address: of its resource, empty if it has none."""

    severity: str
    summary: str
    detail: str = ""
    address: str = ""


@dataclass(frozen=True)
class Outputs:
    """The stack's outputs after an apply, without sensitive ones."""

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
"""By the line's type: the event, and the key of the resource's fields."""


def parse(line: str) -> Event | None:
    """The event of a line; None for other lines, and for lines that are not JSON."""
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
    """The outputs of an apply; None for those of a plan, which have actions instead of values."""
    known = {name: output for name, output in outputs.items() if isinstance(output, dict)}
    if any("action" in output for output in known.values()):
        return None
    public = {name: output for name, output in known.items() if not output.get("sensitive")}
    return Outputs({name: output.get("value") for name, output in public.items()})


def _table(message: Fields, key: str) -> Fields:
    value = message.get(key)
    return value if isinstance(value, dict) else {}


def _number(fields: Fields, key: str) -> int:
    value = fields.get(key, 0)
    return int(value) if isinstance(value, (int, float)) else 0
