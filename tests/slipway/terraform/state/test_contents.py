"""What is in a state: of the file that Terraform keeps, and of what it shows."""

import json

import pytest

from slipway.console.errors import SlipwayError
from slipway.terraform.state.contents import StateResource, parse

PULLED = {
    "version": 4,
    "resources": [
        {"mode": "data", "type": "aws_region", "name": "here", "instances": [{"attributes": {"id": "x"}}]},
        {
            "mode": "managed",
            "type": "aws_vpc",
            "name": "main",
            "instances": [
                {"attributes": {"id": "vpc-1"}},
                {"attributes": {"id": "vpc-0"}, "deposed": "0123abcd"},
            ],
        },
        {
            "module": "module.net",
            "mode": "managed",
            "type": "aws_subnet",
            "name": "own",
            "instances": [
                {"index_key": "a", "attributes": {"id": "subnet-1"}},
                {"index_key": 1, "attributes": None},
                {"index_key": 'é"${x}', "attributes": None},
            ],
        },
    ],
}
SHOWN = {
    "format_version": "1.0",
    "values": {
        "root_module": {
            "resources": [
                {"address": "aws_vpc.main", "mode": "managed", "type": "aws_vpc", "values": {"id": "vpc-1"}},
                {"address": "data.aws_region.here", "mode": "data", "type": "aws_region", "values": {}},
            ],
            "child_modules": [
                {
                    "resources": [
                        {
                            "address": 'module.net.aws_subnet.own["a"]',
                            "mode": "managed",
                            "type": "aws_subnet",
                            "values": {"id": "subnet-1"},
                        }
                    ]
                }
            ],
        }
    },
}
VPC = StateResource("aws_vpc.main", "aws_vpc", {"id": "vpc-1"})
SUBNET = StateResource('module.net.aws_subnet.own["a"]', "aws_subnet", {"id": "subnet-1"})


def test_a_pulled_state_has_its_managed_resources_and_no_deposed_ones() -> None:
    second = StateResource("module.net.aws_subnet.own[1]", "aws_subnet", {})
    third = StateResource('module.net.aws_subnet.own["é\\"$${x}"]', "aws_subnet")
    assert parse(json.dumps(PULLED), "state.json") == (VPC, SUBNET, second, third)


def test_a_shown_state_has_those_of_its_modules_too() -> None:
    assert parse(json.dumps(SHOWN), "state.json") == (VPC, SUBNET)


def test_an_empty_state_is_shown_without_values() -> None:
    assert parse('{"format_version": "1.0"}', "state.json") == ()


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"resources": [{"mode": "managed"}]}', '{"resources": 1}'])
def test_what_is_no_state_is_refused_in_one_message(text: str) -> None:
    with pytest.raises(SlipwayError, match=r"state\.json is not a Terraform state"):
        parse(text, "state.json")


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"{\xa3", "byte 2 is not UTF-8"),
        (b"{\n x", "line 2, column 2: "),
        (b"[" * 100_000, "it is nested too deeply"),
        (b"[]", "it has no list of resources in which each has what Terraform writes of it"),
    ],
)
def test_why_it_is_no_state_is_said_in_words(content: bytes, why: str) -> None:
    with pytest.raises(SlipwayError) as refused:
        parse(content, "state.json")
    assert refused.value.why.startswith(why)
