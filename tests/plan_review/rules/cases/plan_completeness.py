"""What is unknown, put off, or was changed outside Terraform."""

from dataclasses import replace

from plan_review.plan import UNKNOWN, Action, Deferred, Execution, ExecutionKind, FailedCheck, Value
from tests.plan_review.changes import change, plan
from tests.plan_review.rules.cases.case import Case, create, ignores, sees, update

INGRESS = "aws_vpc_security_group_ingress_rule.main"
CLOSED: dict[str, Value] = {"cidr_ipv4": "192.0.2.0/24", "from_port": 443, "to_port": 443}


GONE = change("aws_sqs_queue.jobs", before={"name": "jobs"})
OPENED = change(
    "aws_security_group.main",
    before={"ingress": []},
    after={"ingress": [{"cidr_blocks": ["0.0.0.0/0"], "from_port": 22, "to_port": 22, "protocol": "tcp"}]},
    action=Action.UPDATE,
)
TAGGED = change(
    "aws_security_group.main", before={"tags": {}}, after={"tags": {"a": "b"}}, action=Action.UPDATE
)

LATER = change("aws_s3_bucket.later", after={"bucket": "b"})


def executed(kind: ExecutionKind) -> Execution:
    return Execution(kind, "sh", "terraform_data.a", "now", {"command": "true"})


CASES = [
    Case("plan.incomplete", plan(complete=False), "This plan is not complete"),
    Case("plan.incomplete", plan(), None),
    Case("plan.deferred", plan(deferred=[Deferred("unknown", LATER)]), "aws_s3_bucket.later"),
    Case("plan.deferred", plan(), None),
    Case(
        "plan.check-failed",
        replace(plan(), checks=(FailedCheck("check.a", "check", ("no",)),)),
        "a fails: no",
    ),
    Case("plan.check-failed", plan(), None),
    Case("plan.invokes", plan(executions=[executed(ExecutionKind.ACTION)]), "Applying runs terraform_data.a"),
    Case("plan.invokes", plan(executions=[executed(ExecutionKind.READ)]), None),
    Case(
        "plan.provisions",
        plan(executions=[executed(ExecutionKind.PROVISIONER)]),
        "Applying runs sh of terraform_data.a now",
    ),
    Case("plan.provisions", plan(executions=[executed(ExecutionKind.RESOURCE)]), "Applying runs sh of"),
    Case("plan.provisions", plan(executions=[executed(ExecutionKind.PROVISIONER)] * 3), "now, 3 of 3"),
    Case("plan.provisions", plan(executions=[executed(ExecutionKind.ACTION)]), None),
    Case("plan.reads", plan(executions=[executed(ExecutionKind.READ)]), "Reading terraform_data.a runs sh"),
    Case("plan.reads", plan(executions=[executed(ExecutionKind.PROVISIONER)]), None),
    Case("drift.removed", plan(drift=[GONE]), "The queue was deleted outside Terraform"),
    Case("drift.removed", plan(drift=[OPENED]), None),
    Case("drift.removed", plan(GONE), None),
    Case("drift.access", plan(drift=[OPENED]), "outside Terraform: ingress"),
    Case("drift.access", plan(drift=[TAGGED]), None),
    sees("unknown.changed", "cidr_ipv4", update(INGRESS, CLOSED, {**CLOSED, "cidr_ipv4": UNKNOWN})),
    sees("unknown.changed", "ingress", update("aws_security_group.a", {"ingress": []}, {"ingress": UNKNOWN})),
    ignores("unknown.changed", update(INGRESS, CLOSED, {**CLOSED, "description": UNKNOWN})),
    ignores("unknown.changed", create(INGRESS, {**CLOSED, "cidr_ipv4": UNKNOWN})),
    sees("unknown.created", "cidr_ipv4", create(INGRESS, {**CLOSED, "cidr_ipv4": UNKNOWN})),
    ignores("unknown.created", create(INGRESS, CLOSED)),
    ignores("unknown.created", create("aws_security_group.a", {"ingress": UNKNOWN})),
]
