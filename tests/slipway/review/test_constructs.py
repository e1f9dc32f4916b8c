import json

import pytest

from slipway.errors import SlipwayError
from slipway.review.constructs import constructs, of


def block(path: str) -> dict[str, object]:
    return {"//": {"metadata": {"path": path, "uniqueId": "x"}}}


STACK = json.dumps(
    {
        "resource": {"aws_x": {"a": block("shop/a/Resource"), "plain": {"name": "no construct"}}},
        "data": {"aws_y": {"b": block("shop/b")}},
        "module": {"m": block("shop/module")},
    }
)


def test_resources_data_sources_and_modules_have_the_path_of_their_construct() -> None:
    assert constructs(STACK) == {
        "aws_x.a": "shop/a/Resource",
        "data.aws_y.b": "shop/b",
        "module.m": "shop/module",
    }


def test_each_instance_of_a_resource_is_of_its_construct() -> None:
    known = constructs(STACK)
    assert of('aws_x.a["key"]', "managed", "aws_x", "a", known) == "shop/a/Resource"
    assert of("data.aws_y.b", "data", "aws_y", "b", known) == "shop/b"
    assert of('module.m["x.y"].aws_x.a', "managed", "aws_x", "a", known) == "shop/module"
    assert of("aws_x.gone", "managed", "aws_x", "gone", known) == ""


def test_a_stack_of_odd_shape_has_no_constructs() -> None:
    odd = {"resource": [1], "data": {"aws_y": 1}, "module": {"m": {"//": {"metadata": 1}}}}
    assert constructs(json.dumps(odd)) == {}


@pytest.mark.parametrize("content", ["", "[]", "{", '{"a": NaN}'])
def test_what_is_no_synthesised_stack_is_refused_in_words(content: str) -> None:
    with pytest.raises(SlipwayError, match=r"cannot read cdk\.tf\.json"):
        constructs(content)
