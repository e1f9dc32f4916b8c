"""What ``slipway doctor`` finds: one thing looked at, how it is, and what to do about it."""

from typing import Literal

from slipway.console.documents import Document

Topic = Literal[
    "tools", "settings", "account", "state", "source", "alerts", "domain", "quotas", "hosts", "rehearsal"
]


class Check(Document):
    """One thing that was looked at."""

    topic: Topic
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


def ok(topic: Topic, what: str) -> Check:
    """A check that passed; what: what was checked."""
    return Check(topic=topic, state="ok", what=what)


def todo(topic: Topic, what: str, *, then: str, why: str = "") -> Check:
    """A first deployment, or its alerts, would fail."""
    return Check(topic=topic, state="todo", what=what, why=why, then=then)


def later(topic: Topic, what: str, *, then: str = "") -> Check:
    """It cannot be yet, or a deployment does not need it."""
    return Check(topic=topic, state="later", what=what, then=then)
