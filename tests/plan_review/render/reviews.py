"""Reviews for the tests of what renders them: hand-made, so that each holds what the test is about."""

from collections.abc import Sequence

from plan_review.counts import count
from plan_review.finding import Acknowledged, Finding, Severity
from plan_review.iam.permission_change import Kind, PermissionChange
from plan_review.plan import Difference, Plan, ResourceChange
from plan_review.review import Review, StackReview
from tests.plan_review.changes import change, plan

STACK = "my-app-prod"


def review(
    *plans: Plan,
    findings: Sequence[Finding] = (),
    permissions: Sequence[PermissionChange] = (),
    verdict: str = "1 to change in 1 stack",
) -> Review:
    """A review of these plans, with these findings."""
    stacks = tuple(StackReview(each, count(each)) for each in plans)
    return Review(verdict, stacks, tuple(findings), tuple(permissions))


def finding(
    address: str,
    severity: Severity = Severity.HIGH,
    *,
    what: str = "the log group keeps its logs 7 days, no more 30",
    changes: Sequence[Difference] = (),
    acknowledged: Acknowledged | None = None,
) -> Finding:
    """A risk of one resource."""
    return Finding(
        rule="retention-is reduced",
        severity=severity,
        stack=STACK,
        address=address,
        construct=f"{STACK}/log/group",
        what=what,
        why="what is older is deleted",
        answer="keep them, or acknowledge it",
        changes=tuple(changes),
        acknowledged=acknowledged,
    )


def permission(sentence: str, kind: Kind = Kind.GAINED) -> PermissionChange:
    """Somebody's permission."""
    return PermissionChange(
        kind=kind,
        stack=STACK,
        address="aws_iam_role_policy.build",
        construct=f"{STACK}/build/role/policy",
        who="role build",
        sentence=sentence,
    )


def retention(number: int = 0, construct: str = "") -> ResourceChange:
    """A log group that keeps its logs less long."""
    return change(
        f"aws_cloudwatch_log_group.log_{number}",
        before={"name": f"log-{number}", "retention_in_days": 30 + number},
        after={"name": f"log-{number}", "retention_in_days": 7},
        construct=construct or f"{STACK}/log-{number}/group",
    )


def large(resources: int) -> Review:
    """A review of many changes, the first of which is a risk."""
    return review(
        plan(*(retention(number) for number in range(resources))),
        findings=[finding("aws_cloudwatch_log_group.log_0", Severity.BLOCK)],
        permissions=[permission("role build may now also s3:GetObject on bucket x")],
        verdict=f"Blocked: {resources} to change in 1 stack",
    )
