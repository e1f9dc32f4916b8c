"""Rules about a plan as a whole: whether it is complete, and what drifted."""

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
    "a plan that does not cover everything: made with -target, or by a run that did not finish",
    "Changes that are missing from the plan are missing from this review, too.",
    "Make a full plan. If -target is really needed in an emergency, acknowledge the finding.",
)
def _incomplete(plan: Plan) -> Iterator[Match]:
    if not plan.complete:
        yield Match("This plan is not complete: another plan is needed after applying it")


@PlanRule.of(
    "plan.deferred",
    Severity.MEDIUM,
    "changes that Terraform defers to a later plan",
    "Deferred changes are not reviewed here. The next plan contains changes that nobody has seen yet.",
    "Review the next plan as carefully as this one.",
)
def _deferred(plan: Plan) -> Iterator[Match]:
    if plan.deferred:
        yield Match(
            f"Deferred to a later plan: {_listed([deferred.change.address for deferred in plan.deferred])}"
        )


@PlanRule.of(
    "plan.check-failed",
    Severity.HIGH,
    "a check block, or a condition of a resource, output or variable, that fails or cannot be evaluated",
    "The authors of the configuration declared a condition that does not hold. A failing check block "
    "does not stop an apply.",
    "Find out why it fails before you approve the plan. If the condition is wrong, correct the condition.",
)
def _check_failed(plan: Plan) -> Iterator[Match]:
    by_address = {change.address: change for change in plan.changes}
    for check in plan.checks:
        noun = "Check" if check.kind == "check" else "A condition of"
        name = check.address.removeprefix("check.") if check.kind == "check" else check.address
        verb = "fails" if check.evaluated else "cannot be evaluated"
        said = f": {' · '.join(check.messages)}" if check.messages else ""
        yield Match(f"{noun} {name} {verb}{said}", (), by_address.get(check.address), address=check.address)


@PlanRule.of(
    "plan.invokes",
    Severity.MEDIUM,
    "actions that run during apply, in addition to creating, changing and destroying resources",
    "The provider defines what an action does; the plan does not show it.",
    "Read the action's documentation, and compare its configuration with the description of the pull "
    "request.",
)
def _invoked(plan: Plan) -> Iterator[Match]:
    yield from _executed(plan, ExecutionKind.ACTION, "Applying runs {address}")


@PlanRule.of(
    "plan.provisions",
    Severity.MEDIUM,
    "commands and scripts that run during apply: provisioners, and resources whose only purpose is to "
    "run something",
    "They run with the credentials of the person or job that applies, and no plan shows what they do.",
    "Read the command. `--expect` compares it again before the apply, except for text that the plan "
    "does not contain.",
)
def _provisioned(plan: Plan) -> Iterator[Match]:
    for kind in (ExecutionKind.PROVISIONER, ExecutionKind.RESOURCE):
        yield from _executed(plan, kind, "Applying runs {what} of {address} {when}")


@PlanRule.of(
    "plan.reads",
    Severity.LOW,
    "programs and requests that run during plan: data sources such as external and http",
    "They run at every plan, before anybody has reviewed them, with the credentials of the person or "
    "job that plans.",
    "Read which program or server is used. Its answer is used in this plan without further checks.",
)
def _read(plan: Plan) -> Iterator[Match]:
    yield from _executed(plan, ExecutionKind.READ, "Reading {address} runs {what} {when}")


def _executed(plan: Plan, kind: ExecutionKind, sentence: str) -> Iterator[Match]:
    by_address = {change.address: change for change in plan.changes}
    found = [execution for execution in plan.executions if execution.kind is kind]
    several = Counter((execution.what, execution.address) for execution in found)
    seen: Counter[tuple[str, str]] = Counter()
    for execution in found:
        seen[execution.what, execution.address] += 1
        count = several[execution.what, execution.address]
        which = f", {seen[execution.what, execution.address]} of {count}" if count > 1 else ""
        said = sentence.format(address=execution.address, what=execution.what, when=execution.when) + which
        given = between(None, execution.configuration, ())
        changes = tuple(Difference(("runs", *path), one, other, False) for path, one, other in given)
        yield Match(said, changes, by_address.get(execution.address))


def _listed(addresses: Sequence[str]) -> str:
    more = f" and {len(addresses) - 5} more" if len(addresses) > 5 else ""
    return ", ".join(addresses[:5]) + more


@PlanRule.of(
    "drift.removed",
    Severity.HIGH,
    "a resource that was deleted outside Terraform",
    "Apply creates it again, empty. Or the deletion was intended.",
    "Find out who deleted it, and why, before it is created again.",
)
def _removed(plan: Plan) -> Iterator[Match]:
    for change in plan.drift:
        if change.action is Action.DELETE:
            noun = STATEFUL.get(change.type) or LOGS.get(change.type) or "resource"
            yield Match(f"The {noun} was deleted outside Terraform", (), change)


@PlanRule.of(
    "drift.access",
    Severity.MEDIUM,
    "policies, trust or firewall rules that were changed outside Terraform",
    "The change may be a leftover of an emergency, or an attack. Apply may also revert a fix.",
    "Find out who changed it, and why (CloudTrail). Then add it to the code, or let apply revert it.",
)
def _access(plan: Plan) -> Iterator[Match]:
    for change, names in unexplained(plan):
        if change.type in _WATCHED:
            listed = ", ".join(sorted(names))
            yield Match(f"Permissions or firewall rules were changed outside Terraform: {listed}", (), change)
