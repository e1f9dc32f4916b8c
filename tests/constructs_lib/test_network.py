import json
from functools import cache
from typing import Any, Literal

from constructs_lib.network import Network
from constructs_lib.testing import (
    Testing,
    assert_has_data_source_with_properties,
    assert_has_resource_with_properties,
    resource,
    resources,
)

import pytest
from cdktf import TerraformStack

from tests.constructs_lib.building import log_group


@cache
def synthesise(zones: int | tuple[str, ...] = 2, nat: Literal["single", "per_zone"] = "single") -> str:
    def build(stack: TerraformStack) -> None:
        Network(
            stack,
            "network",
            name="my-app",
            cidr="10.20.0.0/16",
            zones=zones,
            nat=nat,
            log_group=log_group(stack),
            flow_log_role_name="my-app-flow-logs",
        )

    return Testing.synth_scope(build)


def subnets(synthesised: str, side: str) -> dict[str, tuple[str, str]]:
    """By name: the range and the zone of each subnet on a side."""
    found = resources(synthesised, "aws_subnet").values()
    named: list[Any] = [each for each in found if f"-{side}-" in each["tags"]["Name"]]
    return {each["tags"]["Name"]: (each["cidr_block"], each["availability_zone"]) for each in named}


def test_a_network_resolves_names() -> None:
    assert_has_resource_with_properties(
        synthesise(), "aws_vpc", {"enable_dns_support": True, "enable_dns_hostnames": True}
    )


def test_the_default_security_group_lets_nothing_through() -> None:
    assert_has_resource_with_properties(
        synthesise(), "aws_default_security_group", {"ingress": [], "egress": []}
    )


def test_no_subnet_gives_public_addresses_unasked() -> None:
    found = resources(synthesise(), "aws_subnet")

    assert len(found) == 4
    assert all(each["map_public_ip_on_launch"] is False for each in found.values())


@pytest.mark.parametrize(
    ("zones", "public", "private"),
    [(1, 2, 1), (2, 2, 2), (4, 4, 4), (("a",), 2, 1), (("a", "b", "c"), 3, 3)],
)
def test_hosts_have_a_subnet_in_each_zone_and_load_balancers_two_at_least(
    zones: int | tuple[str, ...], public: int, private: int
) -> None:
    synthesised = synthesise(zones)

    assert len(subnets(synthesised, "public")) == public
    assert len(subnets(synthesised, "private")) == private


def test_zones_given_by_name_are_used_as_they_are_and_the_account_is_not_asked() -> None:
    synthesised = synthesise(("eu-central-1c", "eu-central-1a"))

    assert [zone for _, zone in subnets(synthesised, "private").values()] == [
        "eu-central-1c",
        "eu-central-1a",
    ]
    assert "data" not in json.loads(synthesised)


def test_the_accounts_zones_are_asked_for_whatever_their_state() -> None:
    opted_out = {"name": "opt-in-status", "values": ["opt-in-not-required"]}

    assert_has_data_source_with_properties(
        synthesise(), "aws_availability_zones", {"filter": [opted_out], "state": None}
    )


@pytest.mark.parametrize("zones", [0, 5, (), ("a", "b", "c", "d", "e")])
def test_a_number_of_zones_that_is_not_one_to_four_is_refused(zones: int | tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="1 to 4 zones, received"):
        synthesise(zones)


@pytest.mark.parametrize("nat", ["single", "per_zone"])
@pytest.mark.parametrize(
    ("before", "after"), [(1, 2), (2, 3), (3, 4), (("a",), ("a", "b")), (("a", "b"), ("a", "b", "c"))]
)
def test_a_zone_more_changes_no_subnet_gateway_or_route_that_stays(
    before: int | tuple[str, ...], after: int | tuple[str, ...], nat: Literal["single", "per_zone"]
) -> None:
    def kept(synthesised: str) -> dict[str, object]:
        kinds = ("aws_subnet", "aws_nat_gateway", "aws_route", "aws_route_table_association")
        return {
            name: each
            for kind in kinds
            for name, each in resources(synthesised, kind).items()
            if "public-spare" not in name
        }

    old, new = kept(synthesise(before, nat)), kept(synthesise(after, nat))

    assert old.items() <= new.items()


def test_the_spare_public_subnet_of_a_single_named_zone_takes_no_later_zones_range() -> None:
    spare, _ = subnets(synthesise(("a",)), "public")["my-app-public-spare"]
    later = [cidr for cidr, _ in subnets(synthesise(("a", "b", "c")), "public").values()]

    assert spare not in later


def test_zones_given_by_number_need_no_spare_subnet_for_the_second_is_known() -> None:
    assert subnets(synthesise(1), "public") == subnets(synthesise(2), "public")


@pytest.mark.parametrize("kind", ["aws_subnet", "aws_nat_gateway", "aws_route_table"])
def test_what_a_zone_less_takes_away_goes_after_whatever_used_it_has_changed(kind: str) -> None:
    found = resources(synthesise(3, "per_zone"), kind)

    of_zones = [each for name, each in found.items() if "public-route-table" not in name]
    assert len(of_zones) >= 3
    assert all(zone["lifecycle"] == {"create_before_destroy": True} for zone in of_zones)


def test_a_single_nat_gateway_serves_every_zone() -> None:
    synthesised = synthesise(3, "single")

    ways_out = [each.get("nat_gateway_id") for each in resources(synthesised, "aws_route").values()]
    (gateway,) = resources(synthesised, "aws_nat_gateway")
    assert ways_out.count(f"${{aws_nat_gateway.{gateway}.id}}") == 3


def test_each_zone_goes_out_through_its_own_nat_gateway_where_asked() -> None:
    synthesised = synthesise(3, "per_zone")

    ways_out = {each.get("nat_gateway_id") for each in resources(synthesised, "aws_route").values()}
    assert len(resources(synthesised, "aws_nat_gateway")) == 3
    assert len(ways_out - {None}) == 3


def test_s3_is_reached_from_every_private_subnet_without_a_nat_gateway() -> None:
    synthesised = synthesise(3)

    endpoint = resource(synthesised, "aws_vpc_endpoint")
    private = [name for name in resources(synthesised, "aws_route_table") if "private" in name]
    assert endpoint["service_name"] == "com.amazonaws.eu-central-1.s3"
    assert endpoint["vpc_endpoint_type"] == "Gateway"
    assert endpoint["route_table_ids"] == [f"${{aws_route_table.{name}.id}}" for name in private]
