"""What a rule says about a plan: one risk, how bad it is, why it matters, and what to do about it."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from plan_review.plan import Difference


class Severity(StrEnum):
    """How bad a finding is, worst first; the words are those of review.toml."""

    BLOCK = "block"
    """Must not pass unseen: the review is blocked until it is acknowledged."""
    HIGH = "high"
    """Loses data, opens a door or stops the service, unless someone means exactly that."""
    MEDIUM = "medium"
    """A protection or a signal becomes weaker, or the service is disturbed for a moment."""
    LOW = "low"
    """Worth knowing before one says yes."""

    @property
    def rank(self) -> int:
        """0 for the worst."""
        return list(Severity).index(self)


@dataclass(frozen=True)
class Acknowledged:
    """Somebody knows of a finding, and says in review.toml why it may pass, and until when."""

    reason: str
    expires: date


@dataclass(frozen=True)
class Finding:
    """One risk of one resource. Its texts are plain: whoever renders them escapes them.

    rule: the id in RULES. what: one sentence about this resource. changes: the attributes it is about,
    empty if what says it all. why, answer: the rule's own words. address, construct: empty if a finding
    is about no resource. acknowledged: None unless review.toml lets it pass. drift: whether it is about
    what was changed outside Terraform, and not about what applying does.
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
        """Whether this alone keeps a plan from being approved."""
        return self.severity is Severity.BLOCK and self.acknowledged is None
