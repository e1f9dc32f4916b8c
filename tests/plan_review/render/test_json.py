"""The document: as its schema says, and fit to be held against a later plan."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from plan_review import expectation
from plan_review.finding import Acknowledged, Severity
from plan_review.plan import UNKNOWN, Difference, Masked
from plan_review.render import json as renderer
from plan_review.review import Review
from tests.plan_review.changes import change, plan
from tests.plan_review.render.reviews import finding, large, permission, retention, review
from tests.plan_review.render.test_escape import HOSTILE

SCHEMA = json.loads((Path(__file__).parents[3] / "docs/schemas/review.schema.json").read_text())


def document(of: Review) -> Any:  # noqa: ANN401  # JSON
    """The document, valid."""
    found = json.loads(renderer.render(of))
    jsonschema.validate(found, SCHEMA, jsonschema.Draft202012Validator)
    return found


def rich() -> Review:
    """A review that has everything."""
    hidden = Difference(("password",), Masked("password", 1), UNKNOWN, forces_replacement=True)
    known = Acknowledged("on purpose", date(2027, 1, 31))
    return review(
        plan(retention(), drift=[retention(1)]),
        findings=[
            finding("aws_db_instance.x", Severity.BLOCK, changes=[hidden]),
            finding("aws_x.y", acknowledged=known),
        ],
        permissions=[permission("role build may now also s3:GetObject on x")],
    )


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def test_every_part_is_as_the_schema_says() -> None:
    found = document(rich())
    assert found["status"] == "blocked"
    assert found["findings"][0]["differences"] == [
        {
            "path": ["password"],
            "before": {"$hidden": "password"},
            "after": {"$unknown": True},
            "forces_replacement": True,
        }
    ]
    assert found["findings"][1]["acknowledged"] == {"reason": "on purpose", "expires": "2027-01-31"}
    (stack,) = found["stacks"]
    assert stack["counts"]["changed"] == 1
    assert [each["address"] for each in stack["drift"]] == ["aws_cloudwatch_log_group.log_1"]


def test_the_schema_describes_every_field() -> None:
    found = document(rich())
    found["stacks"][0]["more"] = 1
    with pytest.raises(jsonschema.ValidationError, match="'more' was unexpected"):
        jsonschema.validate(found, SCHEMA)


def test_what_it_keeps_is_what_a_later_plan_is_held_against() -> None:
    reviewed = large(3)
    kept = document(reviewed)["expected"]
    plans = [stack.plan for stack in reviewed.stacks]
    assert expectation.deviations(kept, plans) == ()
    assert expectation.deviations(kept, [plan(retention(0))]) != ()


@given(st.one_of(st.text(), st.sampled_from(HOSTILE)))
def test_foreign_words_are_kept_as_they_are_and_give_no_orders(foreign: str) -> None:
    hostile = change("aws_x.y", before={"k": f"{foreign}a"}, after={"k": f"{foreign}b"})
    text = renderer.render(review(plan(hostile), verdict=foreign))
    assert json.loads(text)["verdict"] == foreign
    assert text.isascii()
    assert not any(line.lstrip().startswith("::") or "##[" in line for line in text.splitlines())
