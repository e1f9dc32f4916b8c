"""Every permission has a use, and every use is allowed, for each role, evaluated as IAM does it."""

from functools import cache

import pytest

from tests.security import proofs
from tests.security.account import account, role_names
from tests.security.evaluation import Decision, evaluate

VARIANTS = ("demo", "everything", "s3-source", "s3-source-elsewhere", "minimum-healthy-hosts")

each_role = pytest.mark.parametrize(
    ("variant", "role"), [(variant, role) for variant in VARIANTS for role in role_names(variant)]
)


@cache
def missing(variant: str) -> dict[str, list[str]]:
    """The missing permissions of each role of a variant."""
    return proofs.missing(account(variant))


@cache
def surplus(variant: str) -> dict[str, list[str]]:
    """The permissions of each role of a variant that it does not need."""
    return proofs.surplus(account(variant))


@pytest.mark.parametrize("variant", VARIANTS)
def test_no_role_is_left_out(variant: str) -> None:
    assert sorted(account(variant).roles) == sorted(role_names(variant))


@each_role
def test_whatever_a_roles_work_calls_it_may(variant: str, role: str) -> None:
    assert missing(variant)[role] == []


@each_role
def test_whatever_a_role_may_its_work_calls(variant: str, role: str) -> None:
    assert surplus(variant)[role] == []


@pytest.mark.parametrize(
    ("ending", "decision"),
    [
        ("/replaced", Decision.ALLOWED),
        ("/replaced-2", Decision.ALLOWED),
        ("-replaced", Decision.NOT_ALLOWED),
    ],
)
def test_what_was_encrypted_with_a_shared_key_that_was_replaced_can_be_read(
    ending: str, decision: Decision
) -> None:
    demo = account("demo")
    shared = {"kms:ResourceAliases": [demo.names.key_alias]}
    replaced = {"kms:ResourceAliases": [f"{demo.names.key_alias}{ending}"]}
    asked = [
        demo.question(role, request.action, request.resource, {**request.use.context, **replaced})
        for role in demo.roles.values()
        for request in proofs.requests(proofs.uses_of(demo, role))
        if request.action == "kms:Decrypt" and shared.items() <= request.use.context.items()
    ]
    assert len(asked) > 3
    assert set(evaluate(asked)) == {decision}
