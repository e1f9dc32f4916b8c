"""No permission reaches resources of another account, region, service or environment."""

import pytest

from tests.security.account import account, role_names
from tests.security.reach import overreaches

ROLES = [(variant, role) for variant in ("demo", "s3-source") for role in role_names(variant)]


@pytest.mark.parametrize(("variant", "role"), ROLES)
def test_a_role_may_do_nothing_to_the_neighbours_of_what_it_works_on(variant: str, role: str) -> None:
    assert overreaches(account(variant), account(variant).roles[role]) == []
