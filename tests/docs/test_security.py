"""docs/security.md is what `make docs` writes, and what it leaves out is left out rightly."""

from collections import defaultdict


def test_the_page_on_security_is_current() -> None:
    from tests.security.page import write  # synthesises: not while tests are collected

    assert write.page() == write.PAGE.read_text(encoding="utf-8"), "run make docs"


def test_the_page_on_permissions_is_current() -> None:
    from tests.security.page import applying  # synthesises: not while tests are collected

    assert applying.page() == applying.PAGE.read_text(encoding="utf-8"), "run make docs"


def test_the_roles_of_one_environment_stand_for_those_of_all() -> None:
    from tests.security.page import roles
    from tests.security.page.markdown import DEMO

    kinds = defaultdict(list)
    for role in DEMO.roles.values():
        kinds[role.kind].append(roles.rows(role))
    assert all(each == same[0] for same in kinds.values() for each in same)
    assert kinds.keys() == roles.TITLES.keys()
