"""The verdict: one line on what would happen, in how many stacks, and what blocks."""

from collections.abc import Sequence

from plan_review.counts import Counts, counted
from plan_review.finding import Finding

CHECKS = "plan.check-failed"  # reported even if nothing would be applied


def verdict(counts: Counts, *, changing: int, stacks: int, findings: Sequence[Finding]) -> str:
    """The verdict. changing: how many of the ``stacks`` have changes."""
    blocking = [finding for finding in findings if finding.blocks]
    said = _changes(counts, changing, stacks)
    if counts.nothing and any(finding.drift and finding.acknowledged is None for finding in findings):
        said = f"Nothing to apply in {counted(stacks, 'stack')}, drift found"
    elif counts.nothing and any(
        finding.rule == CHECKS and finding.acknowledged is None for finding in findings
    ):
        said = f"Nothing to apply in {counted(stacks, 'stack')}, but a check fails"
    if blocking:
        rules = list(dict.fromkeys(finding.rule for finding in blocking))
        return (
            f"Blocked by {counted(len(blocking), 'risk')} ({', '.join(rules)}): {said[0].lower()}{said[1:]}"
        )
    return said


def _changes(counts: Counts, changing: int, stacks: int) -> str:
    every = counted(stacks, "stack")
    where = f"in {every}" if changing == stacks else f"in {changing} of {every}"
    if counts.nothing:
        return f"Nothing changes in {every}"
    if not counts.words:
        change = "changes" if counts.outputs == 1 else "change"
        return f"Only {counted(counts.outputs, 'output')} {change} {where}"
    return f"{counts.words} {where}"
