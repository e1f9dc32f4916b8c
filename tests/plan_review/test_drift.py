"""What somebody changed outside Terraform is told from what its record merely did not hold yet."""

import json

import pytest

from plan_review.drift import split_drift, unexplained
from plan_review.plan import Plan, ResourceChange, Value
from tests.plan_review.changes import change, plan

POLICY = {"Statement": [{"Effect": "Allow", "Action": ["s3:GetObject"], "Resource": ["*"]}]}
OTHER = json.dumps({"Statement": [{"Effect": "Allow", "Action": ["*"], "Resource": ["*"]}]})


def stays(address: str, **attributes: Value) -> ResourceChange:
    """A resource that the plan leaves as it is."""
    return change(address, before=attributes, after=attributes)


def drifted(address: str, before: dict[str, Value], after: dict[str, Value]) -> ResourceChange:
    return change(address, before=before, after=after)


def names(made: Plan) -> dict[str, frozenset[str]]:
    return {each.address: attributes for each, attributes in unexplained(made)}


def block(**attributes: Value) -> list[Value]:
    """A firewall rule as a security group lists it."""
    rule: dict[str, Value] = {"protocol": "tcp", "from_port": 443, "to_port": 443, "cidr_blocks": []}
    return [{**rule, **attributes}]


WRITER = stays("aws_iam_role_policy.x", role="build", policy=json.dumps(POLICY, indent=2))
OPENER = stays(
    "aws_vpc_security_group_ingress_rule.x",
    ip_protocol="tcp",
    from_port=443,
    to_port=443,
    cidr_ipv4="0.0.0.0/0",
)
ATTACHER = stays("aws_iam_role_policy_attachment.x", policy_arn="arn:aws:iam::aws:policy/ReadOnlyAccess")


@pytest.mark.parametrize(
    ("writer", "drift"),
    [
        (WRITER, drifted("aws_s3_bucket.b", {"policy": ""}, {"policy": json.dumps(POLICY)})),
        (
            WRITER,
            drifted(
                "aws_iam_role.r",
                {"inline_policy": []},
                {"inline_policy": [{"name": "x", "policy": json.dumps(POLICY)}]},
            ),
        ),
        (
            ATTACHER,
            drifted(
                "aws_iam_role.r",
                {"managed_policy_arns": []},
                {"managed_policy_arns": ["arn:aws:iam::aws:policy/ReadOnlyAccess"]},
            ),
        ),
        (
            OPENER,
            drifted("aws_security_group.g", {"ingress": []}, {"ingress": block(cidr_blocks=["0.0.0.0/0"])}),
        ),
    ],
)
def test_what_another_resource_of_the_plan_wrote_is_no_news(
    writer: ResourceChange, drift: ResourceChange
) -> None:
    assert names(plan(writer, drift=[drift])) == {}
    assert isinstance(drift.after, dict)
    assert names(plan(drift=[drift])) == {drift.address: frozenset(drift.after)}


@pytest.mark.parametrize(
    ("name", "after"),
    [
        ("policy", OTHER),
        ("inline_policy", [{"name": "x", "policy": json.dumps(POLICY)}, {"name": "y", "policy": OTHER}]),
        ("managed_policy_arns", ["arn:aws:iam::aws:policy/AdministratorAccess"]),
        ("ingress", block(cidr_blocks=["0.0.0.0/0"], from_port=22, to_port=22)),
        ("ingress", block(cidr_blocks=["0.0.0.0/0", "192.0.2.0/24"])),
        ("ingress", block(self=True)),
        ("egress", block(cidr_blocks=["0.0.0.0/0"])),
    ],
)
def test_what_nobody_in_the_plan_wrote_is_news(name: str, after: Value) -> None:
    drift = drifted("aws_x.y", {name: []}, {name: after})
    assert names(plan(WRITER, OPENER, ATTACHER, drift=[drift])) == {"aws_x.y": frozenset({name})}


def test_drift_is_parted_by_what_applying_does_about_it() -> None:
    kept, changed = drifted("aws_x.kept", {"a": 1}, {"a": 2}), drifted("aws_x.changed", {"a": 1}, {"a": 2})
    gone = change("aws_x.gone", before={"a": 1})
    repaired = change("aws_x.changed", before={"a": 2}, after={"a": 1})
    found = split_drift(plan(repaired, drift=[kept, changed, gone]))
    assert [each.address for each in found.touched] == ["aws_x.changed", "aws_x.gone"]
    assert [each.address for each in found.left] == ["aws_x.kept"]


def test_what_the_plan_changes_accounts_for_what_stands_there_until_then() -> None:
    writer = change("aws_iam_role_policy.x", before={"policy": json.dumps(POLICY)}, after={"policy": OTHER})
    detached = change("aws_iam_role_policy_attachment.x", before={"policy_arn": "arn:a"})
    drift = drifted(
        "aws_iam_role.r",
        {"inline_policy": [], "managed_policy_arns": []},
        {"inline_policy": [{"name": "x", "policy": json.dumps(POLICY)}], "managed_policy_arns": ["arn:a"]},
    )
    assert names(plan(writer, detached, drift=[drift])) == {}


@pytest.mark.parametrize(
    ("unset", "read"),
    [
        (None, {}),
        (None, []),
        (None, ""),
        ("", None),
        ([{"id": "m", "metric": [{"dimensions": None}]}], [{"id": "m", "metric": [{"dimensions": {}}]}]),
    ],
)
def test_what_was_not_set_and_is_read_back_empty_is_no_news(unset: Value, read: Value) -> None:
    assert names(plan(drift=[drifted("aws_x.y", {"a": unset}, {"a": read})])) == {}


@pytest.mark.parametrize("read", [False, 0, {"k": "v"}, ["v"], "v"])
def test_what_was_not_set_and_is_something_now_is_news(read: Value) -> None:
    assert names(plan(drift=[drifted("aws_x.y", {"a": None}, {"a": read})])) == {"aws_x.y": frozenset({"a"})}
