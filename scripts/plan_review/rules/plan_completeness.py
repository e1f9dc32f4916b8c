"""Rules about a plan as a whole: whether it is all there is to review, and what differs from it already."""

from collections import Counter
from collections.abc import Iterator, Sequence

from plan_review.difference import between
from plan_review.drift import unexplained
from plan_review.finding import Severity
from plan_review.iam.policy_attributes import POLICY_ATTRIBUTES
from plan_review.plan import Action, Difference, ExecutionKind, Plan
from plan_review.rules.ingress import TYPES
from plan_review.rules.resource_types.tables import LOGS, STATEFUL
from plan_review.rules.rule import Match, PlanRule

_WATCHED = {
    *("aws_s3_bucket_public_access_block", "aws_iam_role_policy_attachment", "aws_lambda_permission"),
    *("aws_iam_user_policy_attachment", "aws_iam_openid_connect_provider", *TYPES, *POLICY_ATTRIBUTES),
}


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
        yield Match(f"Put off to a later plan: {_listed([each.change.address for each in plan.deferred])}")


@PlanRule.of(
    "plan.check-failed",
    Severity.HIGH,
    "a check block, or a condition of a resource, output or variable, that fails or cannot be evaluated",
    "Whoever wrote the configuration said what has to hold, and it does not; a check does not stop an apply.",
    "Find out why it fails before you approve; if the check is wrong, mend the check.",
)
def _check_failed(plan: Plan) -> Iterator[Match]:
    by_address = {change.address: change for change in plan.changes}
    for each in plan.checks:
        noun = "Check" if each.kind == "check" else "A condition of"
        name = each.address.removeprefix("check.") if each.kind == "check" else each.address
        verb = "fails" if each.evaluated else "cannot be evaluated"
        said = f": {' · '.join(each.messages)}" if each.messages else ""
        yield Match(f"{noun} {name} {verb}{said}", (), by_address.get(each.address), address=each.address)


@PlanRule.of(
    "plan.invokes",
    Severity.MEDIUM,
    "actions that applying runs, beyond creating, changing and destroying",
    "What an action does is in its provider, not in this plan.",
    "Read the action's documentation, and compare what it is given with what the request says.",
)
def _invoked(plan: Plan) -> Iterator[Match]:
    yield from _executed(plan, ExecutionKind.ACTION, "Applying runs {address}")


@PlanRule.of(
    "plan.provisions",
    Severity.MEDIUM,
    "commands and scripts that applying runs: provisioners, and resources that are there to run something",
    "It runs with the credentials of whoever applies, and no plan shows what it does.",
    "Read what it runs; it is compared again before it is applied, but for text that a plan does not hold.",
)
def _provisioned(plan: Plan) -> Iterator[Match]:
    for kind in (ExecutionKind.PROVISIONER, ExecutionKind.RESOURCE):
        yield from _executed(plan, kind, "Applying runs {what} of {address} {when}")


@PlanRule.of(
    "plan.reads",
    Severity.LOW,
    "programs that planning runs, and servers that it asks: data sources such as external and http",
    "They run at every plan, before anybody has reviewed it, with the credentials of whoever plans.",
    "Read what it runs or asks; what it answers is in this plan as if somebody had written it.",
)
def _read(plan: Plan) -> Iterator[Match]:
    yield from _executed(plan, ExecutionKind.READ, "Reading {address} runs {what} {when}")


def _executed(plan: Plan, kind: ExecutionKind, sentence: str) -> Iterator[Match]:
    by_address = {change.address: change for change in plan.changes}
    found = [each for each in plan.executions if each.kind is kind]
    several = Counter((each.what, each.address) for each in found)
    seen: Counter[tuple[str, str]] = Counter()
    for each in found:
        seen[each.what, each.address] += 1
        count = several[each.what, each.address]
        which = f", {seen[each.what, each.address]} of {count}" if count > 1 else ""
        said = sentence.format(address=each.address, what=each.what, when=each.when) + which
        given = between(None, each.configuration, ())
        changes = tuple(Difference(("runs", *path), one, other, False) for path, one, other in given)
        yield Match(said, changes, by_address.get(each.address))


def _listed(addresses: Sequence[str]) -> str:
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
        if change.type in _WATCHED:
            listed = ", ".join(sorted(names))
            yield Match(f"Who may do or reach what was changed outside Terraform: {listed}", (), change)
