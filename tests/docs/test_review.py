"""What the documents say of plan reviews is so."""

import re
import tomllib

from plan_review.rules.table import RULES
from plan_review.settings import parse
from tests.docs.pages import FENCE, ROOT
from tests.plan_review import page

PAGE = ROOT / "docs" / "review.md"


def test_every_rule_is_listed_with_its_severity_and_what_it_looks_for() -> None:
    rows = re.findall(r"^\| `([a-z-]+\.[a-z-]+)` \| (\w+) \| (.*) \|$", PAGE.read_text("utf-8"), re.MULTILINE)
    assert rows == [(rule.id, rule.severity.value, rule.looks_for) for rule in RULES.values()], "make docs"


def test_the_types_that_each_rule_names_are_listed_by_provider() -> None:
    assert page.TYPES_PAGE.read_text("utf-8") == page.types_page(), "make docs"


def test_the_committed_exceptions_are_none() -> None:
    settings = parse((ROOT / "review.toml").read_text("utf-8"))
    assert (settings.severities, settings.acknowledgements) == ({}, ())


def test_the_examples_of_exceptions_are_valid_and_the_same() -> None:
    committed = (ROOT / "review.toml").read_text("utf-8")
    shown = next(
        match["text"] for match in FENCE.finditer(PAGE.read_text("utf-8")) if match["language"] == "toml"
    )
    example = "\n".join(
        line.removeprefix("# ") for line in committed.splitlines() if re.match(r'# (\[|[a-z"].* = )', line)
    )
    assert tomllib.loads(example) == tomllib.loads(shown)
    assert parse(shown).acknowledgements[0].rule == "state.replaced"
