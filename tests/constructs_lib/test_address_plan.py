from ipaddress import IPv4Network
from itertools import combinations

from constructs_lib.address_plan import MAX_ZONES, plan

import pytest

CIDRS = [f"10.20.0.0/{prefix}" for prefix in range(16, 25)]


@pytest.mark.parametrize("cidr", CIDRS)
def test_every_subnet_lies_in_the_network_and_none_overlap(cidr: str) -> None:
    subnets = [IPv4Network(each) for each in (*plan(cidr).public, *plan(cidr).private)]

    assert len(subnets) == 2 * MAX_ZONES
    assert all(subnet.subnet_of(IPv4Network(cidr)) for subnet in subnets)
    assert not any(one.overlaps(other) for one, other in combinations(subnets, 2))


@pytest.mark.parametrize("cidr", CIDRS)
def test_every_subnet_is_large_enough_for_a_load_balancer(cidr: str) -> None:
    assert all(IPv4Network(each).prefixlen <= 27 for each in (*plan(cidr).public, *plan(cidr).private))


def test_public_subnets_lie_below_private_ones() -> None:
    assert plan("10.20.0.0/16").public == ("10.20.0.0/19", "10.20.32.0/19", "10.20.64.0/19", "10.20.96.0/19")
    assert plan("10.20.0.0/16").private[0] == "10.20.128.0/19"


@pytest.mark.parametrize("cidr", ["10.0.0.0/15", "10.20.0.0/25"])
def test_a_range_of_another_size_is_refused(cidr: str) -> None:
    with pytest.raises(ValueError, match=f"between /16 and /24, received {cidr}"):
        plan(cidr)


def test_a_range_with_host_bits_is_refused() -> None:
    with pytest.raises(ValueError, match="has host bits set"):
        plan("10.20.0.1/16")
