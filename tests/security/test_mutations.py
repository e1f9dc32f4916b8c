"""The proofs notice what they are for: a permission less, a permission more, a permission that is too wide.

Each test changes one role as a mistake would, and holds the changed role against the same proofs that
`test_uses.py` and `test_reach.py` hold the real ones against.
"""

from dataclasses import replace

import pytest

from tests.security import proofs
from tests.security.account import Account, Role, account
from tests.security.permissions import Permission, having, permissions, without
from tests.security.reach import overreaches

BUCKET = "arn:aws:s3:::my-app-artifacts-123456789012-eu-central-1"
UNNEEDED = [
    Permission("ecr:BatchDeleteImage", "*"),
    Permission("iam:PassRole", "*"),
    Permission("kms:ScheduleKeyDeletion", "*"),
    Permission("s3:DeleteObject", f"{BUCKET}/*"),
]

each_role = pytest.mark.parametrize("name", list(account("demo").roles))


def changed(role: Role) -> Account:
    """The demo's account, were this one of its roles."""
    return account("demo").changed(role)


@each_role
def test_a_needed_permission_that_is_taken_away_is_missed(name: str) -> None:
    real = account("demo").roles[name]
    needed = permissions(real.statements)[0]
    missed = proofs.missing(changed(without(real, needed)))[name]
    assert any(each.startswith(needed.action.rstrip("*")) for each in missed)


@each_role
def test_unneeded_actions_that_are_added_are_surplus(name: str) -> None:
    more = account("demo").roles[name]
    for each in UNNEEDED:
        more = having(more, each)
    assert proofs.surplus(changed(more))[name] == [str(each) for each in UNNEEDED]


@each_role
def test_a_resource_that_is_widened_reaches_too_far(name: str) -> None:
    real = account("demo").roles[name]
    narrow = next(each for each in permissions(real.statements) if each.resource != "*")
    everything = ":".join([*narrow.resource.split(":")[:5], "*"])
    widened = having(real, replace(narrow, resource=everything, conditions=""))
    assert overreaches(changed(widened), widened) != []
