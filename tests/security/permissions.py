"""A role's permissions taken apart to the smallest that can be granted: action, resource, conditions."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase

from tests.security.account import Role
from tests.security.evaluation import Statement


@dataclass(frozen=True, order=True)
class Permission:
    """One action on one resource, under conditions (as JSON, so that equal ones are equal)."""

    action: str
    resource: str
    conditions: str = ""

    def statement(self) -> Statement:
        """The permission as a separate statement."""
        condition = {"Condition": json.loads(self.conditions)} if self.conditions else {}
        return {"Effect": "Allow", "Action": [self.action], "Resource": [self.resource], **condition}

    def __str__(self) -> str:
        return f"{self.action} on {self.resource}{' if ' if self.conditions else ''}{self.conditions}"


def permissions(statements: Iterable[Statement]) -> list[Permission]:
    """Every permission in statements, each once, in a fixed order."""
    found = set()
    for statement in statements:
        assert statement["Effect"] == "Allow", f"{statement} is not a permission"
        conditions = json.dumps(statement["Condition"], sort_keys=True) if "Condition" in statement else ""
        found |= {Permission(a, r, conditions) for a in statement["Action"] for r in statement["Resource"]}
    return sorted(found)


def without(role: Role, permission: Permission) -> Role:
    """The role without this permission, also where a wildcard of another purpose contains it."""
    rest = [each for each in permissions(role.statements) if not _covers(each, permission)]
    return role.with_statements(tuple(each.statement() for each in rest))


def _covers(one: Permission, other: Permission) -> bool:
    same_place = (one.resource, one.conditions) == (other.resource, other.conditions)
    return same_place and fnmatchcase(other.action, one.action)


def having(role: Role, permission: Permission) -> Role:
    """The role with this permission in addition."""
    return role.with_statements((*role.statements, permission.statement()))
