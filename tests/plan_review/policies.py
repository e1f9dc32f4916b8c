"""Policies and the resources that hold them, for tests."""

import json
from collections.abc import Mapping

from plan_review.plan import Action, ResourceChange, Value
from tests.plan_review.changes import change

Json = Mapping[str, object]


def statement(
    actions: str | list[str],
    resources: str | list[str] = "*",
    *,
    effect: str = "Allow",
    principal: object = None,
    condition: Json | None = None,
) -> Json:
    """One statement in AWS's form."""
    found: dict[str, object] = {"Effect": effect, "Action": actions, "Resource": resources}
    if principal is not None:
        found["Principal"] = principal
    return {**found, "Condition": condition} if condition else found


def policy(*statements: Json) -> str:
    """A policy's text."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def role_policy(
    before: Value, after: Value, *, role: Value = "build", name: str = "inline"
) -> ResourceChange:
    """An inline policy of a role; None on a side where it is not there."""
    return _holder(f"aws_iam_role_policy.{name}", {"name": name, "role": role}, before, after)


def trust(before: Value, after: Value) -> ResourceChange:
    """A role's trust policy."""
    return _holder("aws_iam_role.build", {"name": "build"}, before, after, attribute="assume_role_policy")


def bucket_policy(before: Value, after: Value) -> ResourceChange:
    """The policy of a bucket that is called data."""
    return _holder("aws_s3_bucket_policy.data", {"bucket": "data"}, before, after)


def key_policy(before: Value, after: Value) -> ResourceChange:
    """The policy of a key."""
    return _holder("aws_kms_key.main", {"key_id": "1234"}, before, after)


def attachment(arn: Value, *, role: str = "build") -> ResourceChange:
    """A managed policy that is attached to a role newly."""
    return change("aws_iam_role_policy_attachment.more", after={"role": role, "policy_arn": arn})


def _holder(
    address: str, names: dict[str, Value], before: Value, after: Value, *, attribute: str = "policy"
) -> ResourceChange:
    was = None if before is None else {**names, attribute: before}
    becomes = None if after is None else {**names, attribute: after}
    action = Action.UPDATE if was and becomes and was != becomes else None
    return change(address, before=was, after=becomes, action=action)
