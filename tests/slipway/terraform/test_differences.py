"""What a plan would change, in a line for each resource."""

import json

import pytest

from plan_review.errors import ExplainedError
from slipway.terraform.differences import differences

EMPTY = {"format_version": "1.2", "planned_values": {"root_module": {}}}


def change(
    address: str, actions: list[str], before: object, after: object, unknown: object = None
) -> dict[str, object]:
    changed = {"actions": actions, "before": before, "after": after, "after_unknown": unknown or {}}
    return {"address": address, "change": changed}


def test_each_resource_says_what_is_done_to_which_attributes() -> None:
    plan = json.dumps(
        {
            **EMPTY,
            "resource_changes": [
                change("aws_a.same", ["no-op"], {"x": 1}, {"x": 1}),
                change("data.aws_a.read", ["read"], None, {"x": 1}),
                change("aws_a.new", ["create"], None, {"x": 1}),
                change("aws_a.other", ["update"], {"x": 1, "y": 2, "z": 3}, {"x": 1, "y": 3}, {"z": True}),
                change("aws_a.replaced", ["delete", "create"], {"x": 1}, {"x": 2}),
            ],
        }
    )
    assert differences(plan) == (
        "aws_a.new: create",
        "aws_a.other: update: y, z",
        "aws_a.replaced: delete and create: x",
    )


def test_an_empty_plan_says_nothing() -> None:
    assert differences(json.dumps(EMPTY)) == ()


def test_what_is_no_plan_is_refused_in_words() -> None:
    with pytest.raises(ExplainedError, match="cannot read the plan"):
        differences("{}")
