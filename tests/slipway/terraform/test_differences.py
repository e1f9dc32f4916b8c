"""What a plan would change, in a line for each resource."""

from slipway.terraform.differences import differences


def change(
    address: str, actions: list[str], before: object, after: object, unknown: object = None
) -> dict[str, object]:
    changed = {"actions": actions, "before": before, "after": after, "after_unknown": unknown or {}}
    return {"address": address, "change": changed}


def test_each_resource_says_what_is_done_to_which_attributes() -> None:
    plan = {
        "resource_changes": [
            change("aws_a.same", ["no-op"], {"x": 1}, {"x": 1}),
            change("data.aws_a.read", ["read"], None, {"x": 1}),
            change("aws_a.new", ["create"], None, {"x": 1}),
            change("aws_a.other", ["update"], {"x": 1, "y": 2, "z": 3}, {"x": 1, "y": 3}, {"z": True}),
            change("aws_a.replaced", ["delete", "create"], {"x": 1}, {"x": 2}),
        ]
    }
    assert differences(plan) == (
        "aws_a.new: create",
        "aws_a.other: update: y, z",
        "aws_a.replaced: delete and create: x",
    )


def test_an_empty_plan_says_nothing() -> None:
    assert differences({"format_version": "1.2"}) == ()
