"""What ``slipway doctor`` finds: one thing looked at, how it is, and what to do about it."""

from typing import Literal

from slipway.console.documents import Document


class Check(Document):
    """One thing that was looked at."""

    topic: Literal[
        "tools", "settings", "account", "state", "source", "alerts", "domain", "quotas", "rehearsal"
    ]
    """What it belongs to."""
    state: Literal["ok", "todo", "later"]
    """ok; todo: a first deployment, or its alerts, would fail; later: it cannot be yet, or need not be."""
    what: str
    """How it is, in a line."""
    why: str = ""
    """What is behind it, where that helps."""
    then: str = ""
    """What to do about it; empty where nothing is to be done."""


class Examination(Document):
    """What ``slipway doctor --json`` prints."""

    healthy: bool
    """Whether nothing is to be done."""
    findings: tuple[Check, ...]
    """Everything that was looked at, in the order in which to mend it."""
