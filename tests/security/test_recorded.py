"""All recorded calls of builds and hosts are uses and allowed; no other use is marked as recorded."""

from collections.abc import Iterator

import pytest

from tests.security.account import Role, account
from tests.security.proofs import uses_of
from tests.security.recorded import recorded, table
from tests.security.uses.use import RECORDED

WHO = {"build": "my-app-build", "host": "my-app-staging-host", "plan": "my-app-plan"}
"""The roles of the access keys of recorded calls."""


def said(role: Role) -> Iterator[str]:
    """The actions that a role's uses mark as recorded."""
    return (
        action for use in uses_of(account("demo"), role) if use.source == RECORDED for action in use.actions
    )


@pytest.mark.parametrize("who", WHO)
def test_whatever_was_recorded_is_among_the_uses_and_nothing_else_says_so(who: str) -> None:
    assert sorted(set(said(account("demo").roles[WHO[who]]))) == sorted(recorded(who))


def test_the_table_holds_whoever_can_be_recorded_and_no_content() -> None:
    assert set(table()) == {*WHO, "apply", "destroy"}  # these two by test_applying.py
    assert all(len(line) < 200 for lines in table().values() for line in lines)
