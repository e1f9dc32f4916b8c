"""Rules about a plan as a whole: whether it is all there is to review, and what differs from it already."""

from collections.abc import Iterator

from plan_review.drift import unexplained
from plan_review.finding import Severity
from plan_review.iam.policy_attributes import POLICY_ATTRIBUTES
from plan_review.plan import Action, Plan
from plan_review.rules.ingress import TYPES
from plan_review.rules.rule import Match, PlanRule
from plan_review.rules.stateful_types import LOGS, STATEFUL

_WATCHED = {
    *("aws_s3_bucket_public_access_block", "aws_iam_role_policy_attachment", "aws_lambda_permission"),
    *("aws_iam_user_policy_attachment", "aws_iam_openid_connect_provider", *TYPES, *POLICY_ATTRIBUTES),
}
_NOISE = frozenset({"tags", "tags_all", "labels", "effective_labels", "terraform_labels"})
# A bucket has these from resources of their own, whose drift is their own.
_NOISE |= {"lifecycle_rule", "logging", "replication_configuration", "versioning"}
_NOISE |= {"server_side_encryption_configuration"}


@PlanRule.of(
    "plan.incomplete",
    Severity.BLOCK,
    "a plan that is not all that would happen: made with -target, or by a run that did not finish",
    "What is not in the plan is not in this review either.",
    "Plan again, whole; with -target only in an emergency, and then acknowledge the finding.",
)
def _incomplete(plan: Plan) -> Iterator[Match]:
    if not plan.complete:
        yield Match("Applying this plan leaves something to plan again: this is not all that would happen")


@PlanRule.of(
    "plan.deferred",
    Severity.MEDIUM,
    "changes that Terraform puts off to a later plan",
    "They are not reviewed here; the next plan will hold what nobody has seen.",
    "Review the next plan as carefully as this one.",
)
def _deferred(plan: Plan) -> Iterator[Match]:
    if plan.deferred:
        yield Match(f"Put off to a later plan: {_listed(plan.deferred)}")


@PlanRule.of(
    "plan.invokes",
    Severity.MEDIUM,
    "actions that applying runs, beyond creating, changing and destroying",
    "What an action does is in its provider, not in this plan.",
    "Read the action's documentation, and its configuration in the request.",
)
def _invoked(plan: Plan) -> Iterator[Match]:
    if plan.invocations:
        yield Match(f"Applying runs {_listed(plan.invocations)}")


def _listed(addresses: tuple[str, ...]) -> str:
    more = f" and {len(addresses) - 5} more" if len(addresses) > 5 else ""
    return ", ".join(addresses[:5]) + more


@PlanRule.of(
    "drift.removed",
    Severity.HIGH,
    "a resource that somebody deleted outside Terraform",
    "Applying makes it anew, empty, or it was meant to be gone.",
    "Find out who deleted it and why, before it comes back.",
)
def _removed(plan: Plan) -> Iterator[Match]:
    for change in plan.drift:
        if change.action is Action.DELETE:
            noun = STATEFUL.get(change.type) or LOGS.get(change.type) or "resource"
            yield Match(f"The {noun} was deleted outside Terraform", (), change)


@PlanRule.of(
    "drift.access",
    Severity.MEDIUM,
    "policies, trust or firewall rules that somebody changed outside Terraform",
    "Either an emergency left a door open, or somebody opened one; applying may also undo a repair.",
    "Find out who changed it (CloudTrail) and why; then take it into the code or let apply undo it.",
)
def _access(plan: Plan) -> Iterator[Match]:
    for change, names in unexplained(plan):
        if change.type in _WATCHED and names - _NOISE:
            listed = ", ".join(sorted(names - _NOISE))
            yield Match(f"Who may do or reach what was changed outside Terraform: {listed}", (), change)
