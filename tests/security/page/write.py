"""Writes docs/security.md: who may do what and reach whom, and why, from what is synthesised and under test.

A section is a function of no arguments that gives Markdown, in a file of tests/security/page; ``SECTIONS``
has their order. ``make docs`` runs this, and a test fails where it would change the page.
"""

from collections.abc import Callable
from pathlib import Path

from tests.docs.wrapping import wrapped
from tests.security.page import (
    bad_input,
    impossible,
    limits,
    network,
    overview,
    roles,
    rules,
    scanned,
    storage,
    supply,
    trust,
)

PAGE = Path(__file__).resolve().parents[3] / "docs" / "security.md"
SECTIONS: tuple[Callable[[], str], ...] = (
    overview.section,
    trust.section,
    roles.section,
    impossible.section,
    network.section,
    storage.section,
    scanned.section,
    rules.section,
    supply.section,
    bad_input.section,
    limits.section,
)


def page() -> str:
    """The whole page."""
    return wrapped("\n\n".join(section().strip() for section in SECTIONS) + "\n")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
