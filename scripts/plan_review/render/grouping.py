"""Groups the findings of one rule into a card, in which texts about several resources appear once."""

from collections.abc import Iterable
from dataclasses import dataclass

from plan_review.counts import counted
from plan_review.finding import Finding
from plan_review.rules.table import RULES


@dataclass(frozen=True)
class Card:
    """Findings of one rule with the same answer. entries: findings with the same text, by text."""

    entries: tuple[tuple[Finding, ...], ...]

    @property
    def first(self) -> Finding:
        """The first finding; severity, reason and answer are the same for all."""
        return self.entries[0][0]

    @property
    def number(self) -> int:
        """The number of findings."""
        return sum(map(len, self.entries))

    @property
    def title(self) -> str:
        """The text of the finding; for several texts, what the rule looks for."""
        if len(self.entries) == 1:
            return self.first.what
        rule = RULES.get(self.first.rule)
        words = rule.looks_for if rule else self.first.what
        return f"{words[0].upper()}{words[1:]}"

    @property
    def times(self) -> str:
        """How often it was found, as text; "" for once."""
        places = [(finding.stack, finding.address) for entry in self.entries for finding in entry]
        if self.first.rule.startswith("plan.") or not all(address for _, address in places):
            return f"{self.number:,} times" if self.number > 1 else ""
        return counted(len(set(places)), "resource") if self.number > 1 else ""


def cards(findings: Iterable[Finding]) -> tuple[Card, ...]:
    """The cards of findings, in the order of their first finding."""
    found: dict[object, dict[object, list[Finding]]] = {}
    for finding in findings:
        found.setdefault(_answered(finding), {}).setdefault(_said(finding), []).append(finding)
    return tuple(Card(tuple(map(tuple, entries.values()))) for entries in found.values())


def _answered(finding: Finding) -> object:
    """The key of a card: what its findings have in common."""
    return finding.rule, finding.severity, finding.why, finding.answer, finding.acknowledged, finding.drift


def _said(finding: Finding) -> object:
    """The key of an entry. Values of a plan are not hashable, so their text is used."""
    return finding.what, repr(finding.changes)
