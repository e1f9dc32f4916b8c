"""Applies the acknowledgements of review.toml, and reports those that are expired or unused."""

import re
from collections.abc import Iterable, Iterator, Set
from dataclasses import replace
from datetime import date

from plan_review.finding import Acknowledged, Finding
from plan_review.plan import Plan
from plan_review.rules.acknowledgement import EXPIRED, UNUSED
from plan_review.rules.rule import Rule
from plan_review.settings import Acknowledgement, ReviewSettings


def acknowledge(
    findings: Iterable[Finding], settings: ReviewSettings, stacks: Set[str], today: date
) -> tuple[Finding, ...]:
    """The findings, with acknowledgements, and one more for each acknowledgement that is expired or unused.

    stacks: those under review; an acknowledgement for another stack is not unused.
    """
    used: set[Acknowledgement] = set()
    found = [_marked(finding, settings, today, used) for finding in findings]
    return (*found, *_complaints(settings, used, stacks, today))


def matches(pattern: str, text: str) -> bool:
    """Whether a pattern matches a text; only ``*`` is a wildcard, because addresses contain brackets."""
    return re.fullmatch(".*".join(map(re.escape, pattern.split("*"))), text, re.DOTALL) is not None


def _marked(finding: Finding, settings: ReviewSettings, today: date, used: set[Acknowledgement]) -> Finding:
    for acknowledgement in settings.acknowledgements:
        if (
            acknowledgement.rule == finding.rule
            and matches(acknowledgement.address, finding.address)
            and matches(acknowledgement.stack, finding.stack)
        ):
            used.add(acknowledgement)
            if today <= acknowledgement.expires:
                return replace(
                    finding, acknowledged=Acknowledged(acknowledgement.reason, acknowledgement.expires)
                )
    return finding


def _complaints(
    settings: ReviewSettings, used: set[Acknowledgement], stacks: Set[str], today: date
) -> Iterator[Finding]:
    for acknowledgement in settings.acknowledgements:
        whose = f"{acknowledgement.rule} of {acknowledgement.address}"
        if acknowledgement.expires < today:
            yield _complaint(
                EXPIRED, f"{settings.file} let {whose} pass until {acknowledgement.expires}", settings
            )
        elif acknowledgement not in used and any(matches(acknowledgement.stack, stack) for stack in stacks):
            yield _complaint(
                UNUSED, f"{settings.file} lets {whose} pass, and there is no such finding", settings
            )


def _complaint(rule: Rule[Plan], what: str, settings: ReviewSettings) -> Finding:
    severity = settings.severities.get(rule.id, rule.severity)
    return Finding(rule.id, severity, "", "", "", what, rule.why, rule.answer)
