"""Rules about review.toml itself: expired and unused acknowledgements."""

from collections.abc import Iterator

from plan_review.finding import Severity
from plan_review.plan import Plan
from plan_review.rules.rule import Match, PlanRule


def _in_settings(_plan: Plan) -> Iterator[Match]:
    """Finds nothing in a plan: acknowledge.py makes these findings with this rule's texts."""
    return iter(())


EXPIRED: PlanRule = PlanRule(
    "acknowledgement.expired",
    Severity.MEDIUM,
    "an acknowledgement that has expired",
    "Its findings are reported again. Its author wanted them to be checked by now.",
    "Check the findings again. Fix them, or renew the acknowledgement with a current reason.",
    _in_settings,
)
UNUSED: PlanRule = PlanRule(
    "acknowledgement.unused",
    Severity.LOW,
    "an acknowledgement that matches no finding of these plans",
    "It would hide the next finding of this kind.",
    "Remove it from review.toml.",
    _in_settings,
)
RULES_OF_SETTINGS = (EXPIRED, UNUSED)
