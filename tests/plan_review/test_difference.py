import json

import pytest

from plan_review.difference import between, differences, same
from plan_review.plan import UNKNOWN, Masked, Value
from plan_review.plan_reader import read
from tests.plan_review.changes import change
from tests.plan_review.committed import text

Found = list[tuple[tuple[str | int, ...], Value, Value]]


def found(before: Value, after: Value) -> Found:
    return list(between({"x": before}, {"x": after}))


def policy(*statements: dict[str, Value]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


READ: dict[str, Value] = {"Effect": "Allow", "Action": ["s3:GetObject", "s3:ListBucket"], "Resource": "*"}
READ_AGAIN: dict[str, Value] = {
    "Resource": ["*"],
    "Action": ["s3:ListBucket", "s3:GetObject"],
    "Effect": "Allow",
}


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (1, 1, []),
        (1, 1.0, []),
        (True, 1, [(("x",), True, 1)]),
        (0, False, [(("x",), 0, False)]),
        ("1", 1, [(("x",), "1", 1)]),
        (None, "a", [(("x",), None, "a")]),
        ({"a": 1, "b": 2}, {"a": 1, "b": 3}, [(("x", "b"), 2, 3)]),
        ({"a": 1}, {}, [(("x", "a"), 1, None)]),
        ({"a": None}, {}, []),
        ("old", UNKNOWN, [(("x",), "old", UNKNOWN)]),
        (Masked("a", 1), Masked("b", 1), []),
        (Masked("a", 1), Masked("a", 2), [(("x",), Masked("a", 1), Masked("a", 2))]),
    ],
)
def test_only_what_differs_is_said(before: Value, after: Value, expected: Found) -> None:
    assert found(before, after) == expected


def test_an_element_that_comes_or_goes_moves_no_other() -> None:
    assert found(["a", "b", "c"], ["b", "c"]) == [(("x", 0), "a", None)]
    assert found(["b"], ["a", "b"]) == [(("x", 0), None, "a")]


def test_elements_that_changed_are_compared_with_each_other() -> None:
    before: list[Value] = [{"port": 80, "cidr": "a"}, {"port": 22, "cidr": "b"}]
    assert found(before, [{"port": 22, "cidr": "b"}, {"port": 443, "cidr": "a"}]) == [
        (("x", 1, "port"), 80, 443)
    ]


def test_another_order_of_an_ordinary_list_is_a_difference() -> None:
    assert found([1, 2], [2, 1]) == [(("x",), [1, 2], [2, 1])]


def test_json_in_a_text_is_compared_as_json() -> None:
    assert found('{"a": 1, "b": [1]}', '{"b":[1],"a":2}') == [(("x", "a"), 1, 2)]
    assert found('{"a": 1}', '{ "a" : 1 }') == []
    assert found("{no json}", "{none}") == [(("x",), "{no json}", "{none}")]


def test_a_policy_in_another_order_is_the_same() -> None:
    other: dict[str, Value] = {"Effect": "Deny", "Action": "s3:DeleteBucket", "Resource": "*"}
    assert found(policy(READ, other), policy(other, READ_AGAIN)) == []


def test_a_policy_that_allows_more_is_not_the_same() -> None:
    wider: dict[str, Value] = {**READ, "Action": ["s3:ListBucket", "s3:GetObject", "s3:*"]}
    assert found(policy(READ), policy(wider)) == [(("x", "Statement", 0, "Action", 0), None, "s3:*")]


def test_what_is_made_or_destroyed_is_said_attribute_by_attribute() -> None:
    made = differences(change("aws_x.a", after={"name": "a", "unset": None, "tags": {"k": "v"}}))
    assert [(each.path, each.before, each.after) for each in made] == [
        (("name",), None, "a"),
        (("tags",), None, {"k": "v"}),
    ]
    gone = differences(change("aws_x.a", before={"name": "a"}))
    assert [(each.path, each.before, each.after) for each in gone] == [(("name",), "a", None)]


def test_what_forces_a_replacement_is_marked_and_nothing_else() -> None:
    (first, _) = read(text("replace"), stack="s").changes
    assert {difference.path: difference.forces_replacement for difference in differences(first)} == {
        ("id",): False,
        ("input",): False,
        ("output",): False,
        ("triggers_replace", "version"): True,
    }


def test_what_forces_a_replacement_is_found_in_lists_whose_elements_moved() -> None:
    replaced = change(
        "aws_x.a",
        before={"disk": [{"size": 1}]},
        after={"disk": [{"size": 2}]},
        forced_by=[("disk", 3, "size")],
    )
    assert [difference.forces_replacement for difference in differences(replaced)] == [True]


def test_true_and_one_are_not_the_same_however_deep() -> None:
    assert not same([{"a": True}], [{"a": 1}])
    assert same([{"a": True}], [{"a": True}])
