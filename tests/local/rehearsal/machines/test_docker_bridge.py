import ipaddress
import json

import pytest

from local.rehearsal.machines import docker_bridge
from slipway.console.errors import SlipwayError


def routes(monkeypatch: pytest.MonkeyPatch, *destinations: str) -> None:
    answer = json.dumps([{"dst": destination} for destination in destinations])
    monkeypatch.setattr(docker_bridge, "run", lambda *_arguments: answer)


def test_a_network_that_a_route_leads_to_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    routes(monkeypatch, "default")
    first = docker_bridge._unused_network()
    routes(monkeypatch, "default", str(first))
    second = docker_bridge._unused_network()
    assert first.prefixlen == second.prefixlen == 24
    assert not first.overlaps(second)


def test_no_network_is_taken_where_routes_cover_them_all(monkeypatch: pytest.MonkeyPatch) -> None:
    routes(monkeypatch, "10.0.0.0/8")
    with pytest.raises(SlipwayError, match="no network in 10"):
        docker_bridge._unused_network()


@pytest.mark.parametrize("way_out", [True, False])
def test_every_rule_names_the_bridge_so_that_it_can_be_no_one_elses(way_out: bool) -> None:
    made = docker_bridge.Bridge("slipway1", ipaddress.IPv4Network("10.1.2.0/24"), way_out)
    assert made.address == "10.1.2.1/24"
    assert all("slipway1" in rule for rule in made.rules)


def test_a_closed_bridge_refuses_what_containers_begin_and_translates_no_address() -> None:
    made = docker_bridge.Bridge("slipway1", ipaddress.IPv4Network("10.1.2.0/24"), way_out=False)
    assert {chain for _, chain, *_ in made.rules} == {"FORWARD", "INPUT"}
    assert {rule[-1] for rule in made.rules} == {"REJECT"}
