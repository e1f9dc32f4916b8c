"""Rules about review.toml itself: acknowledgements that hold no longer, or that nothing needs."""

from collections.abc import Iterator

from plan_review.finding import Severity
from plan_review.plan import Plan
from plan_review.rules.rule import Match, PlanRule


def _in_settings(_plan: Plan) -> Iterator[Match]:
    """No plan shows these: acknowledge.py finds them, and takes the words from here."""
    return iter(())


EXPIRED: PlanRule = PlanRule(
    "acknowledgement.expired",
    Severity.MEDIUM,
    "an acknowledgement whose last day is over",
    "What it let pass is a finding again; whoever wrote it wanted it to be looked at by now.",
    "Look at the finding again: put it right, or acknowledge it anew with a reason of today.",
    _in_settings,
)
UNUSED: PlanRule = PlanRule(
    "acknowledgement.unused",
    Severity.LOW,
    "an acknowledgement that no finding of these plans needs",
    "It would let the next such change pass without anybody seeing it.",
    "Take it out of review.toml.",
    _in_settings,
)
RULES_OF_SETTINGS = (EXPIRED, UNUSED)
