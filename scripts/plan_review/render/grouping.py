"""Findings of one rule are one card, in which what is said of several resources is said once."""

from collections.abc import Iterable
from dataclasses import dataclass

from plan_review.counts import counted
from plan_review.finding import Finding
from plan_review.rules.table import RULES


@dataclass(frozen=True)
class Card:
    """What one rule says that is answered alike. entries: findings that say the same, of each resource."""

    entries: tuple[tuple[Finding, ...], ...]

    @property
    def first(self) -> Finding:
        """One of them: severity, reason and answer are everybody's."""
        return self.entries[0][0]

    @property
    def number(self) -> int:
        """How many findings there are."""
        return sum(map(len, self.entries))

    @property
    def title(self) -> str:
        """What is found; of several things that are said, what the rule looks for."""
        if len(self.entries) == 1:
            return self.first.what
        rule = RULES.get(self.first.rule)
        words = rule.looks_for if rule else self.first.what
        return f"{words[0].upper()}{words[1:]}"

    @property
    def times(self) -> str:
        """How often; empty for once."""
        places = [(finding.stack, finding.address) for entry in self.entries for finding in entry]
        if self.first.rule.startswith("plan.") or not all(address for _, address in places):
            return f"{self.number:,} times" if self.number > 1 else ""
        return counted(len(set(places)), "resource") if self.number > 1 else ""


def cards(findings: Iterable[Finding]) -> tuple[Card, ...]:
    """Findings by rule and answer, in the order in which each is said first."""
    found: dict[object, dict[object, list[Finding]]] = {}
    for finding in findings:
        found.setdefault(_answered(finding), {}).setdefault(_said(finding), []).append(finding)
    return tuple(Card(tuple(map(tuple, entries.values()))) for entries in found.values())


def _answered(finding: Finding) -> object:
    """What findings of one card have in common."""
    return finding.rule, finding.severity, finding.why, finding.answer, finding.acknowledged, finding.drift


def _said(finding: Finding) -> object:
    """What is said of a resource; values of a plan have no hash, but a text."""
    return finding.what, repr(finding.changes)
