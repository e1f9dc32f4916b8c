import json

import pytest

from plan_review.cdktf_stack import parse
from plan_review.errors import ExplainedError


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
    known = parse(STACK)
    assert known.construct("aws_x.a", "managed", "aws_x", "a") == "shop/a/Resource"
    assert known.construct("data.aws_y.b", "data", "aws_y", "b") == "shop/b"
    assert known.construct("aws_x.plain", "managed", "aws_x", "plain") == ""


def test_each_instance_of_a_resource_is_of_its_construct() -> None:
    known = parse(STACK)
    assert known.construct('aws_x.a["key"]', "managed", "aws_x", "a") == "shop/a/Resource"
    assert known.construct('module.m["x.y"].aws_x.a', "managed", "aws_x", "a") == "shop/module"
    assert known.construct("aws_x.gone", "managed", "aws_x", "gone") == ""


def test_a_stack_of_odd_shape_has_no_constructs() -> None:
    odd = {"resource": [1], "data": {"aws_y": 1}, "module": {"m": {"//": {"metadata": 1}}}}
    assert parse(json.dumps(odd)).construct("module.m", "managed", "aws_x", "a") == ""


@pytest.mark.parametrize("content", ["", "[]", "{", '{"a": NaN}'])
def test_what_is_no_synthesised_stack_is_refused_in_words(content: str) -> None:
    with pytest.raises(ExplainedError, match=r"cannot read cdk\.tf\.json"):
        parse(content)


def test_what_is_written_for_a_resource_is_known_unless_a_module_makes_it() -> None:
    known = parse(STACK)
    assert known.block("aws_x.plain[0]", "managed", "aws_x", "plain") == {"name": "no construct"}
    assert known.block("module.m.aws_x.plain", "managed", "aws_x", "plain") == {}
    assert known.block("aws_x.gone", "managed", "aws_x", "gone") == {}
