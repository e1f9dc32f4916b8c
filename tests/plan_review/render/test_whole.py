"""From Terraform's JSON to every format: no secret in any, no plan that crashes one, and quickly."""

import html as unescaping
import json
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plan_review.errors import ExplainedError
from plan_review.plan_reader import read
from plan_review.render import html, markdown
from plan_review.render import json as document
from plan_review.render.budget import size
from plan_review.review import Review, review
from plan_review.settings import ReviewSettings
from tests.plan_review import planted
from tests.plan_review.render.test_escape import HOSTILE
from tests.plan_review.render.test_html import Page

PLANS = sorted((Path(__file__).parents[1] / "plans").glob("*.json"))
TODAY = date(2026, 12, 1)
BUDGET = 65_536


def reviewed(text: str) -> Review:
    return review([read(text, stack="shop")], ReviewSettings(), TODAY)


def formats(found: Review) -> dict[str, str]:
    """The review in every format."""
    return {
        "md": markdown.render(found, budget=BUDGET, whole="elsewhere"),
        "short md": markdown.render(found, budget=markdown.LEAST, whole="elsewhere"),
        "html": html.render(found),
        "json": document.render(found),
    }


@cache
def of_planted() -> dict[str, str]:
    """Every format of the plan with a secret in every place, and what a reader sees of it."""
    made = formats(reviewed(planted.text()))
    seen = {f"{name}, as read": unescaping.unescape(text) for name, text in made.items()}
    return {**made, **seen, "json, as read": json.dumps(json.loads(made["json"]), ensure_ascii=False)}


@pytest.mark.parametrize("secret", planted.secrets())
def test_no_planted_secret_is_in_any_format(secret: str) -> None:
    for form in planted.forms(secret):
        assert {name for name, text in of_planted().items() if form in text} == set()


def test_what_marks_the_planted_secrets_would_be_found_if_one_were_shown() -> None:
    assert planted.WORD not in "".join(of_planted().values())


@pytest.mark.parametrize("plan", PLANS, ids=lambda path: path.stem)
def test_every_plan_of_real_terraform_is_rendered_in_every_format(plan: Path) -> None:
    try:
        found = reviewed(plan.read_text("utf-8"))
    except ExplainedError:
        assert plan.stem in {"errored", "summaries"}
        return
    made = formats(found)
    assert size(made["md"]) <= BUDGET
    assert size(made["short md"]) <= markdown.LEAST
    Page(made["html"])
    assert json.loads(made["json"])["verdict"] == found.verdict


names = st.one_of(st.text(min_size=1), st.sampled_from(HOSTILE))
values = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), names
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(names, inner, max_size=3)),
    max_leaves=8,
)
sides = st.one_of(st.none(), st.dictionaries(st.sampled_from(["policy", "ingress", "name", "x"]), values))
actions = st.sampled_from(
    [["no-op"], ["create"], ["read"], ["update"], ["delete"], ["delete", "create"], ["create", "delete"]]
)
kinds = st.sampled_from(["aws_iam_role_policy", "aws_security_group", "aws_s3_bucket", "terraform_data"])


@st.composite
def resources(draw: st.DrawFn) -> dict[str, Any]:
    """A resource's change, of any content."""
    change = {"actions": draw(actions), "before": draw(sides), "after": draw(sides)}
    name = draw(names)
    return {"address": name, "type": draw(kinds), "name": name, "mode": "managed", "change": change}


plans = st.fixed_dictionaries(
    {
        "format_version": st.just("1.2"),
        "planned_values": st.just({}),
        "resource_changes": st.lists(resources(), max_size=4),
        "resource_drift": st.lists(resources(), max_size=2),
        "output_changes": st.dictionaries(
            names,
            st.fixed_dictionaries({"actions": st.just(["update"]), "before": values, "after": values}),
            max_size=2,
        ),
    }
)


@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=60)
@given(plans)
def test_no_plan_crashes_a_format_or_gives_orders_to_a_runner(plan: dict[str, Any]) -> None:
    try:
        found = reviewed(json.dumps(plan))
    except ExplainedError:
        return
    made = formats(found)
    Page(made["html"])
    assert size(made["short md"]) <= markdown.LEAST
    for text in made.values():
        assert not any(line.lstrip().startswith("::") or "##[" in line for line in text.splitlines())


def test_a_plan_of_five_thousand_changes_and_twenty_megabytes_becomes_a_comment() -> None:
    filler = {f"attribute_{number}": f"value {number} " * 10 for number in range(20)}
    many = [
        {
            "address": f"aws_s3_object.o[{number}]",
            "type": "aws_s3_object",
            "name": "o",
            "index": number,
            "mode": "managed",
            "change": {
                "actions": ["update"],
                "before": {**filler, "n": number},
                "after": {**filler, "n": number + 1},
            },
        }
        for number in range(5_000)
    ]
    text = json.dumps({"format_version": "1.2", "planned_values": {}, "resource_changes": many})
    assert len(text) > 20_000_000
    comment = markdown.render(reviewed(text), budget=BUDGET, whole="elsewhere")
    assert size(comment) <= BUDGET
    assert "5,000 to change" in comment
    assert "**Shortened** to 65,536 characters" in comment


def test_an_address_that_is_a_colon_is_no_order_to_a_runner() -> None:
    named = {"address": ":", "type": "aws_x", "name": "y", "mode": "managed"}
    difference = {"before": {"size": 1}, "after": {"size": 2}}
    plan = {
        "format_version": "1.2",
        "planned_values": {},
        "resource_changes": [{**named, "change": {"actions": ["update"], **difference}}],
        "resource_drift": [{**named, "change": {"actions": ["no-op"], **difference}}],
    }
    made = formats(reviewed(json.dumps(plan)))
    assert ": unchanged" in made["md"]
    for text in made.values():
        assert not any(line.lstrip().startswith("::") for line in text.splitlines())
