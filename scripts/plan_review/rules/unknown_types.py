"""Rules for types that no table contains, and for many destructions at once."""

from collections import Counter
from collections.abc import Iterator

from plan_review.finding import Severity
from plan_review.iam.attachments import ATTACHMENT_TYPES
from plan_review.iam.grants_without_policy import is_grant
from plan_review.iam.policy_attributes import POLICY_ATTRIBUTES
from plan_review.plan import Action, Plan, ResourceChange
from plan_review.rules.resource_types.tables import HARMLESS
from plan_review.rules.rule import ChangeRule, Match, PlanRule

NAMED: set[str] = set()
"""The types that rules name; filled by table.py, which has all rules."""
MANY = 20
FEW = 5
"""From this number on, destructions of at least half of a stack are reported."""


def is_judged(kind: str) -> bool:
    """Whether a table or a rule covers a type of resource."""
    known = kind in NAMED or kind in POLICY_ATTRIBUTES or kind in ATTACHMENT_TYPES or is_grant(kind)
    return known or HARMLESS.fullmatch(kind) is not None


def unjudged(plan: Plan) -> Counter[str]:
    """The types of changed resources that no table covers, with their numbers."""
    changed = (change for change in plan.changes if not change.nothing and change.mode == "managed")
    return Counter(change.type for change in changed if not is_judged(change.type))


@ChangeRule.of(
    "state.unknown-type",
    Severity.MEDIUM,
    "a resource of a type that no rule covers, and that is destroyed or replaced",
    "It may store data or serve requests; this review cannot tell.",
    "Look up the type. If nothing is lost with it, acknowledge the finding.",
)
def _unknown_type(change: ResourceChange) -> Iterator[Match]:
    goes = change.action is Action.DELETE or change.action.replaces
    if goes and not is_judged(change.type):
        verb = "destroyed" if change.action is Action.DELETE else "replaced"
        yield Match(f"A resource of type {change.type} is {verb}, and no rule covers this type")


@PlanRule.of(
    "state.many-destroyed",
    Severity.HIGH,
    "many resources that are destroyed by one plan",
    "A renamed module, a removed provider or the wrong workspace causes exactly this.",
    "Check that every destruction is intended. Add moved blocks for resources that only moved.",
)
def _many(plan: Plan) -> Iterator[Match]:
    managed = [change for change in plan.changes if change.mode == "managed"]
    gone = sum(change.action is Action.DELETE for change in managed)
    stays = sum(change.action is not Action.CREATE for change in managed)
    if gone >= MANY or (gone >= FEW and 2 * gone >= stays):
        yield Match(f"{gone:,} of the {stays:,} existing resources are destroyed by one plan")
