"""What ``slipway doctor`` prints: checks, each with its result and what to do."""

from typing import Literal

from slipway.console.documents import Document

Topic = Literal[
    "tools",
    "settings",
    "account",
    "state",
    "source",
    "registry",
    "keys",
    "alerts",
    "network",
    "load balancer",
    "domain",
    "quotas",
    "hosts",
    "rehearsal",
]


class Check(Document):
    """One check and its result."""

    topic: Topic
    """The topic that it belongs to."""
    state: Literal["ok", "todo", "later"]
    """ok: passed. todo: a first deployment or its alerts would fail. later: not possible or needed yet."""
    what: str
    """The result, in one line."""
    why: str = ""
    """The reason; empty if there is nothing to explain."""
    then: str = ""
    """What to do; empty if there is nothing to do."""


class Examination(Document):
    """What ``slipway doctor --json`` prints."""

    healthy: bool
    """Whether no check has the state "todo"."""
    findings: tuple[Check, ...]
    """All checks, in the order in which to solve problems."""


def ok(topic: Topic, what: str) -> Check:
    """Make a check that passed. what: the result, in one line."""
    return Check(topic=topic, state="ok", what=what)


def todo(topic: Topic, what: str, *, then: str, why: str = "") -> Check:
    """Make a check that failed: a first deployment, or its alerts, would fail."""
    return Check(topic=topic, state="todo", what=what, why=why, then=then)


def later(topic: Topic, what: str, *, then: str = "") -> Check:
    """Make a check of something that is not possible yet, or that a deployment does not need."""
    return Check(topic=topic, state="later", what=what, then=then)
