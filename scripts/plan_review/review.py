"""Makes a review of plans: the verdict, the risks, the permission changes, and the exit status."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import IntEnum

from plan_review.acknowledge import acknowledge
from plan_review.counts import Counts, count, total
from plan_review.evaluate import findings
from plan_review.finding import Finding
from plan_review.iam.permission_change import PermissionChange
from plan_review.iam.permissions import permissions
from plan_review.plan import Action, OutputChange, Plan, ResourceChange
from plan_review.rules.table import RULES
from plan_review.rules.unknown_types import unjudged
from plan_review.settings import ReviewSettings
from plan_review.verdict import verdict

_RULES = {rule: place for place, rule in enumerate(RULES)}


class ReviewStatus(IntEnum):
    """The exit codes of ``slipway review``; 1 is for failures."""

    NOTHING_CHANGES = 0
    CHANGES = 2
    BLOCKED = 3


@dataclass(frozen=True)
class StackReview:
    """One stack's plan, and its counts."""

    plan: Plan
    counts: Counts

    @property
    def changes(self) -> tuple[ResourceChange, ...]:
        """The resources that would change."""
        return tuple(change for change in self.plan.changes if not change.nothing)

    @property
    def outputs(self) -> tuple[OutputChange, ...]:
        """The outputs that would change."""
        return tuple(output for output in self.plan.outputs if output.action is not Action.NO_OP)


@dataclass(frozen=True)
class Review:
    """Everything that an approver needs, the riskiest first.

    verdict: one line. findings: ranked, acknowledged ones last. permissions: gained ones first.
    """

    verdict: str
    stacks: tuple[StackReview, ...]
    findings: tuple[Finding, ...]
    permissions: tuple[PermissionChange, ...]

    @property
    def counts(self) -> Counts:
        """The counts of all stacks together."""
        return total(stack.counts for stack in self.stacks)

    @property
    def planned_by(self) -> str:
        """The programs that made the plans, with their versions."""
        plans = {(stack.plan.tool, stack.plan.terraform_version) for stack in self.stacks}
        return ", ".join(f"{tool} {version}".strip() for tool, version in sorted(plans))

    @property
    def unjudged(self) -> dict[str, int]:
        """The types of changed resources that no rule covers, with their numbers."""
        return dict(sorted(sum((unjudged(stack.plan) for stack in self.stacks), Counter[str]()).items()))

    @property
    def blocked(self) -> bool:
        """Whether a finding blocks and is not acknowledged."""
        return any(finding.blocks for finding in self.findings)

    @property
    def status(self) -> ReviewStatus:
        """The exit code of the command."""
        if self.blocked:
            return ReviewStatus.BLOCKED
        return ReviewStatus.NOTHING_CHANGES if self.counts.nothing else ReviewStatus.CHANGES


def review(plans: Sequence[Plan], settings: ReviewSettings, today: date) -> Review:
    """The review of one or several stacks' plans. today: decides which acknowledgements are expired."""
    stacks = tuple(StackReview(plan, count(plan)) for plan in plans)
    granted = [permissions(plan) for plan in plans]
    seen = [
        finding
        for plan, theirs in zip(plans, granted, strict=True)
        for finding in findings(plan, theirs, settings.severities)
    ]
    names = {plan.stack for plan in plans}
    ranked = tuple(sorted(once(acknowledge(seen, settings, names, today)), key=_rank))
    return Review(
        verdict=verdict(
            total(stack.counts for stack in stacks),
            changing=sum(not stack.counts.nothing for stack in stacks),
            stacks=len(stacks),
            findings=ranked,
        ),
        stacks=stacks,
        findings=ranked,
        permissions=tuple(
            sorted((change for changes in granted for change in changes), key=lambda change: change.rank)
        ),
    )


def once(found: Sequence[Finding]) -> Iterable[Finding]:
    """Every finding once: two rules with the same id may find the same."""
    return {
        (finding.rule, finding.stack, finding.address, finding.what): finding for finding in reversed(found)
    }.values()


def _rank(finding: Finding) -> tuple[object, ...]:
    """Sorts findings: worst first, acknowledged ones last, in a fixed order."""
    return (
        finding.acknowledged is not None,
        finding.severity.rank,
        _RULES[finding.rule],
        finding.stack,
        finding.address,
        finding.what,
    )
