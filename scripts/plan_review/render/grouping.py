"""Findings that say the same of several resources are read once."""

from collections.abc import Iterable

from plan_review.finding import Finding


def grouped(findings: Iterable[Finding]) -> tuple[tuple[Finding, ...], ...]:
    """Findings by what they say, in the order in which each is said first."""
    alike: dict[object, list[Finding]] = {}
    for each in findings:
        alike.setdefault(_said(each), []).append(each)
    return tuple(map(tuple, alike.values()))


def _said(finding: Finding) -> object:
    """All of it but where; values of a plan have no hash, but a text."""
    return (
        finding.rule,
        finding.severity,
        finding.what,
        finding.why,
        finding.answer,
        finding.acknowledged,
        repr(finding.changes),
    )
