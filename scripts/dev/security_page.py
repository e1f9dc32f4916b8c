"""Writes docs/security.md: who may do what and reach whom, and why, from what is synthesised and under test.

A section is a function of no arguments that gives Markdown, in a file of tests/security/page; ``SECTIONS``
has their order. ``make docs`` runs this, and a test fails where it would change the page.
"""

import sys
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "security.md"
sys.path.insert(0, str(ROOT))  # the tables are the tests' own

from tests.security.page import (  # noqa: E402 - after the path
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
    return "\n\n".join(section().strip() for section in SECTIONS) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
