"""The index of decisions is complete."""

import re

from tests.docs.pages import ROOT

DECISIONS = ROOT / "docs" / "decisions"


def test_the_index_of_decisions_names_each_of_them_with_its_title() -> None:
    rows = dict(
        re.findall(r"^\| \[\d{4}\]\((.*?)\) \| (.*) \|$", (DECISIONS / "README.md").read_text(), re.M)
    )
    titles = {
        page.name: page.read_text().splitlines()[0].removeprefix(f"# {page.name[:4]}: ")
        for page in DECISIONS.glob("[0-9]*.md")
    }
    assert rows == titles


def test_decisions_are_numbered_without_a_gap() -> None:
    numbers = sorted(int(page.name[:4]) for page in DECISIONS.glob("[0-9]*.md"))
    assert numbers == list(range(1, len(numbers) + 1))
