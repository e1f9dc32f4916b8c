"""Prose in the pages that people write is wrapped at one width, so that a change shows as few lines."""

import re
from pathlib import Path

import pytest

from tests.docs.pages import ROOT, documents, name
from tests.docs.wrapping import COLUMNS

GENERATED = {
    f"docs/{page}.md"
    for page in (
        "bench",
        "review",
        "review-types",
    )
}
"""Pages that ``make docs`` and ``make bench`` write without wrapping them."""
EXEMPT = re.compile(r"\s*(\||#|!\[|\[[^\]]+\]: )")
"""Tables, headings, images and link definitions cannot be wrapped."""
LONG_WORD = re.compile(r"\s*([-*+]|\d+\.)?\s*\S+")
"""A list's mark and one word, such as a link, cannot be wrapped either."""


def too_wide(text: str) -> list[int]:
    """The numbers of the lines of prose that are wider than COLUMNS, outside of code blocks."""
    found, fence = [], ""
    for number, line in enumerate(text.splitlines(), 1):
        mark = re.match(r"\s*(```|~~~)", line)
        if mark and fence in ("", mark[1]):
            fence = "" if fence else mark[1]
        elif not fence and len(line) > COLUMNS and not EXEMPT.match(line) and not LONG_WORD.fullmatch(line):
            found.append(number)
    return found


@pytest.mark.parametrize("page", [page for page in documents() if name(page) not in GENERATED], ids=name)
def test_prose_is_wrapped_at_one_width(page: Path) -> None:
    wide = [f"{name(page)}:{number}" for number in too_wide(page.read_text(encoding="utf-8"))]
    assert not wide, f"wrap these lines at {COLUMNS} columns: {', '.join(wide)}"


def test_every_generated_page_exists() -> None:
    assert [page for page in sorted(GENERATED) if not (ROOT / page).is_file()] == []


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("word " * 21, [1]),
        ("short\n\n- " + "word " * 21 + "\nshort", [3]),
        ("| " + "word " * 21 + "|", []),
        ("# " + "word " * 21, []),
        ("[a]: " + "x" * 101, []),
        ("- [a](" + "x" * 101 + ")", []),
        ("```\n" + "word " * 21 + "\n```\n" + "word " * 21, [4]),
        ("  ```sh\n" + "word " * 21 + "\n  ```", []),
    ],
)
def test_a_line_that_is_too_wide_is_found(text: str, lines: list[int]) -> None:
    assert too_wide(text) == lines
