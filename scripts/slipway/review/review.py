"""Plans in, a review out: the verdict, the risks, who may do what newly, and the exit status."""

from dataclasses import dataclass
from datetime import date
from enum import IntEnum

from slipway.review.acknowledgements import ReviewSettings
from slipway.review.counts import Counts
from slipway.review.finding import Finding
from slipway.review.iam.change import PermissionChange
from slipway.review.plan import OutputChange, Plan, ResourceChange


class Status(IntEnum):
    """What ``slipway review`` exits with; 1 is left to a tool or an input that failed."""

    NOTHING_CHANGES = 0
    CHANGES = 2
    BLOCKED = 3


@dataclass(frozen=True)
class StackReview:
    """One stack's plan, and what would become of how many of its resources."""

    plan: Plan
    counts: Counts

    @property
    def changes(self) -> tuple[ResourceChange, ...]:
        """The resources to which something would happen."""
        ...

    @property
    def outputs(self) -> tuple[OutputChange, ...]:
        """The outputs that would change."""
        ...


@dataclass(frozen=True)
class Review:
    """Everything that a person needs to decide on the plans, the riskiest first.

    verdict: one line. findings: ranked, those that were acknowledged last.
    """

    verdict: str
    stacks: tuple[StackReview, ...]
    findings: tuple[Finding, ...]
    permissions: tuple[PermissionChange, ...]

    @property
    def blocked(self) -> bool:
        """Whether a finding blocks that nobody acknowledged."""
        return any(each.blocks for each in self.findings)

    @property
    def status(self) -> Status:
        """What the command exits with."""
        ...


def review(plans: tuple[Plan, ...], settings: ReviewSettings, today: date) -> Review:
    """The review of one or several stacks' plans, made together."""
    ...
