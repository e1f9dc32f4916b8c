"""A finding: one risk in a plan, its severity, why it matters, and what to do about it."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from plan_review.plan import Difference


class Severity(StrEnum):
    """How severe a finding is, worst first; review.toml uses these words."""

    BLOCK = "block"
    """Blocks the review until it is acknowledged."""
    HIGH = "high"
    """Loses data, opens access or stops the service, unless exactly that is intended."""
    MEDIUM = "medium"
    """Weakens a protection or an alarm, or briefly disturbs the service."""
    LOW = "low"
    """Worth knowing before approval."""

    @property
    def rank(self) -> int:
        """The position in the order of severities; 0 for the worst."""
        return list(Severity).index(self)


@dataclass(frozen=True)
class Acknowledged:
    """An acknowledgement of a finding: why it may pass, and until when."""

    reason: str
    expires: date


@dataclass(frozen=True)
class Finding:
    """One risk of one resource. Its texts are not escaped: rendering does that.

    rule: the id in RULES. what: one sentence about this resource. changes: the attributes it is about, empty
    if what says it all. why, answer: the rule's texts. address, construct: empty if it is not about a
    resource. acknowledged: None unless review.toml acknowledges it. drift: whether it is about a change made
    outside Terraform rather than about what applying does.
    """

    rule: str
    severity: Severity
    stack: str
    address: str
    construct: str
    what: str
    why: str
    answer: str
    changes: tuple[Difference, ...] = ()
    acknowledged: Acknowledged | None = None
    drift: bool = False

    @property
    def blocks(self) -> bool:
        """Whether this finding alone blocks the review."""
        return self.severity is Severity.BLOCK and self.acknowledged is None
