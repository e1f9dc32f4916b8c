"""Finds the AWS accounts of a plan, so that a policy's other accounts can be recognised."""

import re

from plan_review.iam.statement import PolicyStatement
from plan_review.plan import Plan

_BARE = re.compile(r"(?:AWS:)?(\d{12})")
_ACCOUNT = re.compile(r"arn:aws[\w-]*:[\w-]*:[\w-]*:(\d{12}):")


def accounts(plan: Plan) -> frozenset[str]:
    """The accounts of the plan's resources, as far as their ARNs show them."""
    found = set()
    for change in plan.changes:
        for side in change.sides:
            arn, owner = side.get("arn"), side.get("account_id")
            if isinstance(arn, str) and (match := _ACCOUNT.match(arn)):
                found.add(match[1])
            if change.type == "aws_caller_identity" and isinstance(owner, str):
                found.add(owner)
    return frozenset(found) | plan.accounts


def other_accounts(statement: PolicyStatement | None, home: frozenset[str]) -> tuple[str, ...]:
    """The accounts that a statement allows and that are not the plan's; all if the plan's are unknown."""
    if statement is None or not statement.allows or statement.principals.but:
        return ()
    found = {match[1] for pattern in statement.principals.patterns if (match := _ACCOUNT.search(pattern))}
    found |= {match[1] for pattern in statement.principals.patterns if (match := _BARE.fullmatch(pattern))}
    return tuple(sorted(found - home))
