"""The page's rows are the evaluation's: each connection that can be opened stands there, and no other."""

import pytest

from tests.security.network.mistakes import ANYWHERE, INGRESS, opening
from tests.security.network.model import Networks
from tests.security.network.table import rows
from tests.security.rules.rule import after
from tests.synthesis import synthesised


def reached(variant: str) -> list[tuple[str, str, str]]:
    return sorted((row.source, row.destination, row.ports) for row in rows(Networks(synthesised(variant))))


def test_plain_http_is_reached_on_80_and_hosts_on_the_containers_port() -> None:
    assert reached("http") == [
        ("hosts", "internet", "443"),
        ("internet (0.0.0.0/0)", "load balancer", "80"),
        ("load balancer", "hosts", "8080"),
    ]


def test_hosts_reach_a_load_balancer_that_speaks_https_as_every_client_does() -> None:
    assert reached("https-by-certificate") == [
        ("hosts", "internet", "443"),
        ("hosts", "load balancer", "443"),
        ("internet (0.0.0.0/0)", "load balancer", "80, 443"),
        ("load balancer", "hosts", "8080"),
    ]


def test_only_the_ranges_that_the_settings_allow_reach_a_load_balancer() -> None:
    sources = {source for source, destination, _ in reached("everything") if destination == "load balancer"}
    assert "internet (192.0.2.0/24)" in sources
    assert "internet (198.51.100.7/32)" in sources


@pytest.mark.parametrize("who", ["traffic", "hosts"])
def test_a_door_shows_only_where_route_and_address_agree(who: str) -> None:
    changed = after(opening(who, INGRESS, 9443, cidr_ipv4=ANYWHERE), synthesised("http"))
    open_now = [row for row in rows(Networks(changed)) if "9443" in row.ports]
    assert [row.destination for row in open_now] == (["load balancer"] if who == "traffic" else [])
