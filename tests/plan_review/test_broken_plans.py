import json

from hypothesis import example, given, settings
from hypothesis import strategies as st

from plan_review import expectation
from plan_review.counts import count
from plan_review.difference import differences
from plan_review.errors import ExplainedError
from plan_review.plan import Plan
from plan_review.plan_reader import read
from tests.plan_review.committed import summary
from tests.plan_review.strategies import mutilated, plans

TRIES = settings(max_examples=150)


def said(error: ExplainedError) -> None:
    """Nothing, if the error says why and what to do."""
    assert error.why
    assert error.then


def reviewed(content: str) -> Plan | None:
    """The plan, after everything here was done with it; None if it was refused in words."""
    try:
        plan = read(content, stack="shop")
    except ExplainedError as error:
        said(error)
        return None
    for change in (*plan.changes, *plan.drift):
        differences(change)
    assert summary(count(plan)).startswith("Plan: ")
    document = json.dumps(expectation.expected_changes([plan]))
    document.encode()
    assert expectation.deviations(json.loads(document), [plan]) == ()
    return plan


@TRIES
@given(plans())
def test_a_plan_with_any_content_is_read_and_compared(content: str) -> None:
    assert reviewed(content) is not None


@TRIES
@given(mutilated())
def test_a_broken_plan_is_accepted_or_rejected_with_a_message(content: str) -> None:
    reviewed(content)


@TRIES
@given(st.text(max_size=40))
@example('{"format_version":')
def test_any_text_is_rejected_with_a_message(content: str) -> None:
    assert reviewed(content) is None


@TRIES
@given(plans())
def test_the_same_text_gives_the_same_plan(content: str) -> None:
    assert read(content, stack="shop") == read(content, stack="shop")
