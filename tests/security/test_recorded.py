"""What builds and hosts were seen to call is among their uses and allowed; no use claims more."""

from collections.abc import Iterator

import pytest

from tests.security.account import Role, account
from tests.security.proofs import uses_of
from tests.security.recorded import recorded, table
from tests.security.uses.use import RECORDED

WHO = {"build": "my-app-build", "host": "my-app-staging-host", "plan": "my-app-plan"}
"""The roles that stand behind the access keys that calls were recorded by."""


def said(role: Role) -> Iterator[str]:
    """The actions of which a role's uses say that they were recorded."""
    return (
        action for use in uses_of(account("demo"), role) if use.source == RECORDED for action in use.actions
    )


@pytest.mark.parametrize("who", WHO)
def test_whatever_was_recorded_is_among_the_uses_and_nothing_else_says_so(who: str) -> None:
    assert sorted(set(said(account("demo").roles[WHO[who]]))) == sorted(recorded(who))


def test_the_table_holds_whoever_can_be_recorded_and_no_content() -> None:
    assert set(table()) == {*WHO, "apply", "destroy"}  # these two by test_applying.py
    assert all(len(line) < 200 for lines in table().values() for line in lines)
