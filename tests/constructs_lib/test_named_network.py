"""A network that exists: what a plan looks up, what it refuses, and that nothing of it is created."""

import json
import re
from typing import Any

from constructs_lib.named_network import NamedNetwork, SubnetLookup
from constructs_lib.testing import Testing

import pytest
from cdktf import TerraformOutput, TerraformStack

PRIVATE = SubnetLookup(ids=["subnet-1", "subnet-2"])
PUBLIC = SubnetLookup(ids=["subnet-3", "subnet-4"])


def synthesise(
    *,
    private: SubnetLookup = PRIVATE,
    public: SubnetLookup = PUBLIC,
    vpc_id: str | None = "vpc-1",
    vpc_tags: dict[str, str] | None = None,
) -> str:
    def build(stack: TerraformStack) -> None:
        network = NamedNetwork(
            stack, "network", private=private, public=public, vpc_id=vpc_id, vpc_tags=vpc_tags
        )
        for name in ("private_subnet_ids", "public_subnet_ids", "private_subnet_arns"):
            TerraformOutput(stack, name, value=" ".join(getattr(network, name)))

    return Testing.synth_scope(build)


def data(synthesised: str, kind: str) -> dict[str, Any]:
    """The data sources of a type, by their constructs' ids."""
    found = json.loads(synthesised)["data"][kind].items()
    return {name.removeprefix("network_").rpartition("_")[0]: source for name, source in found}


def test_nothing_is_created() -> None:
    assert "resource" not in json.loads(synthesise())


def test_a_plan_looks_each_subnet_up_in_the_vpc() -> None:
    subnets = data(synthesise(), "aws_subnet")
    (vpc,) = data(synthesise(), "aws_vpc").values()

    assert {name: subnet["id"] for name, subnet in subnets.items()} == {
        "private-0": "subnet-1",
        "private-1": "subnet-2",
        "public-0": "subnet-3",
        "public-1": "subnet-4",
    }
    for subnet in subnets.values():
        same_vpc = subnet["lifecycle"]["postcondition"][0]["condition"]
        assert re.fullmatch(r"\$\{self\.vpc_id == data\.aws_vpc\.network_vpc_\w+\.id\}", same_vpc)
    assert (vpc["id"], vpc["state"]) == ("vpc-1", "available")


def test_what_others_use_is_what_was_looked_up() -> None:
    outputs = {name: each["value"] for name, each in json.loads(synthesise())["output"].items()}

    for name, attribute in (
        ("private_subnet_ids", "id"),
        ("public_subnet_ids", "id"),
        ("private_subnet_arns", "arn"),
    ):
        kind = name.partition("_")[0]
        pattern = rf"\$\{{data\.aws_subnet\.network_{kind}-\d_\w+\.{attribute}\}}"
        assert re.fullmatch(f"{pattern} {pattern}", outputs[name]), outputs[name]


def test_subnets_by_tags_are_as_many_as_expected_in_an_order_that_stays() -> None:
    synthesised = synthesise(
        private=SubnetLookup(tags={"tier": "private"}, count=3), public=SubnetLookup(tags={"tier": "public"})
    )
    lookup = data(synthesised, "aws_subnets")["private-subnets"]

    assert lookup["tags"] == {"tier": "private"}
    assert [each["name"] for each in lookup["filter"]] == ["vpc-id"]
    (condition,) = lookup["lifecycle"]["postcondition"]
    assert condition["condition"] == "${length(self.ids) == 3}"
    assert [
        each["id"].rpartition(".ids)")[2]
        for name, each in sorted(data(synthesised, "aws_subnet").items())
        if name.startswith("private")
    ] == ["[0]}", "[1]}", "[2]}"]


def test_a_vpc_can_be_found_by_tags() -> None:
    (vpc,) = data(synthesise(vpc_id=None, vpc_tags={"Name": "shared"}), "aws_vpc").values()

    assert vpc["tags"] == {"Name": "shared"}
    assert "id" not in vpc


def test_a_plan_fails_if_the_load_balancer_would_be_in_one_zone() -> None:
    last = data(synthesise(), "aws_subnet")["public-1"]
    _, condition = last["lifecycle"]["postcondition"]

    assert condition["condition"].endswith(".availability_zone, self.availability_zone])) >= 2}")
    for kind in ("private-0", "private-1", "public-0"):
        assert len(data(synthesise(), "aws_subnet")[kind]["lifecycle"]["postcondition"]) == 1


def test_a_plan_fails_if_the_vpc_does_not_resolve_names() -> None:
    (vpc,) = data(synthesise(), "aws_vpc").values()
    (condition,) = vpc["lifecycle"]["postcondition"]

    assert condition["condition"] == "${self.enable_dns_support}"


@pytest.mark.parametrize(
    "wrong",
    [
        {"vpc_id": None},
        {"vpc_tags": {"Name": "shared"}},
        {"private": SubnetLookup()},
        {"public": SubnetLookup(ids=["subnet-1"], tags={"tier": "public"})},
    ],
    ids=str,
)
def test_each_part_is_found_one_way(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="give exactly one of them"):
        synthesise(**wrong)
