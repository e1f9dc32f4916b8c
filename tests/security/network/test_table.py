"""The page's rows are the evaluation's: each connection that can be opened stands there, and no other."""

from pathlib import Path

from constructs_lib.stack import App

import pytest

from tests.readme import build_with_own_resources
from tests.security.network.mistakes import ANYWHERE, INGRESS, opening
from tests.security.network.model import Networks
from tests.security.network.rules import RULES
from tests.security.network.table import rows
from tests.security.rules.rule import after
from tests.settings import demo
from tests.synthesis import read, synthesised


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


def test_what_the_settings_name_beside_https_is_reached() -> None:
    assert {(row.destination, row.ports) for row in rows(Networks(synthesised("everything")))
            if row.source == "hosts" and row.environment == "my-app-prod"} >= {
        ("internet", "443"),
        ("10.30.4.0/22", "5432"),
        ("203.0.113.0/24", "587"),
        ("sg-0123456789abcdef0", "6379"),
    }  # fmt: skip


def test_the_readmes_database_is_reached_by_the_hosts_alone(tmp_path: Path) -> None:
    app = App(outdir=str(tmp_path))
    build_with_own_resources(app, demo())
    app.synth()
    everything = read(demo(), tmp_path)
    found = [(row.source, row.ports) for row in rows(Networks(everything)) if row.destination == "database"]
    assert found == [("hosts", "5432")]
    for rule in RULES:
        assert list(rule.breaches(everything)) == [], rule.says
