"""The proofs detect a missing or additional permission, a wider resource and a removed condition.

Each test changes one role as a mistake would, and holds the changed role against the same proofs that the
real ones are held against.
"""

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.security import proofs
from tests.security.account import Account, Role, account, role_names
from tests.security.denials import builds, ci, delivery, deputies, hosts
from tests.security.denials.denial import Denial
from tests.security.evaluation import Decision, evaluate
from tests.security.permissions import Permission, having, permissions, without
from tests.security.reach import overreaches

BUCKET = "arn:aws:s3:::my-app-artifacts-123456789012-eu-central-1"
UNNEEDED = [
    Permission("ecr:BatchDeleteImage", "*"),
    Permission("iam:PassRole", "*"),
    Permission("kms:ScheduleKeyDeletion", "*"),
    Permission("s3:DeleteObject", f"{BUCKET}/*"),
]
TABLES = (builds.denials, ci.denials, delivery.denials, deputies.denials, hosts.denials)
"""The denied requests of the roles of the committed pipeline."""

each_role = pytest.mark.parametrize("name", role_names("demo"))


def real(name: str) -> Role:
    return account("demo").roles[name]


def possible(changed: Account, *tables: Callable[[Account], list[Denial]]) -> list[str]:
    """The requests of the tables that have become allowed."""
    denials = [each for table in tables for each in table(changed)]
    decisions = evaluate(denial.refused for denial in denials)
    return [denial.what for denial, said in zip(denials, decisions, strict=True) if said is Decision.ALLOWED]


@each_role
def test_a_needed_permission_that_is_taken_away_is_missed(name: str) -> None:
    needed = permissions(real(name).statements)[0]
    less = without(real(name), needed)
    missed = proofs.missing(account("demo").changed(less), less)[name]
    assert any(each.startswith(needed.action.rstrip("*")) for each in missed)


@each_role
def test_unneeded_actions_that_are_added_are_surplus(name: str) -> None:
    more = real(name)
    for each in UNNEEDED:
        more = having(more, each)
    assert proofs.surplus(account("demo").changed(more), more)[name] == [str(each) for each in UNNEEDED]


@each_role
def test_a_resource_that_is_widened_reaches_too_far(name: str) -> None:
    narrow = next(
        permission for permission in permissions(real(name).statements) if permission.resource != "*"
    )
    everything = ":".join([*narrow.resource.split(":")[:5], "*"])
    widened = having(real(name), replace(narrow, resource=everything, conditions=""))
    assert overreaches(account("demo").changed(widened), widened) != []


@pytest.mark.parametrize("name", ["my-app-build", "my-app-pipeline", "my-app-staging-host", "my-app-plan"])
def test_conditions_that_are_dropped_let_something_through(name: str) -> None:
    conditional = [permission for permission in permissions(real(name).statements) if permission.conditions]
    assert conditional
    for each in conditional:
        loose = having(real(name), replace(each, conditions=""))
        changed = account("demo").changed(loose)
        assert overreaches(changed, loose) or possible(changed, *TABLES), each


@pytest.mark.parametrize(
    "name", ["my-app-build", "my-app-staging-deploy", "my-app-staging-flow-logs", "my-app-plan"]
)
def test_a_trust_policy_without_its_conditions_lets_others_in(name: str) -> None:
    (trust,) = real(name).trust
    open_to_all = {key: value for key, value in trust.items() if key != "Condition"}
    changed = account("demo").changed(replace(real(name), trust=(open_to_all,)))
    assert possible(changed, ci.denials, deputies.denials) != []
