import json
from functools import cache
from typing import Any

from constructs_lib.endpoints import WITHOUT_POLICY, NoNat
from constructs_lib.network import Network
from constructs_lib.policy import Statement
from constructs_lib.security_group import SecurityGroup
from constructs_lib.testing import Testing, assert_has_no_resource, assert_properties, resources

import pytest
from cdktf import TerraformElement, TerraformOutput, TerraformStack

from tests.constructs_lib.building import log_group

ENDPOINT, GROUP = "aws_vpc_endpoint", "aws_security_group"
INGRESS, EGRESS = "aws_vpc_security_group_ingress_rule", "aws_vpc_security_group_egress_rule"
SERVICES = ("logs", "ecr.api", *WITHOUT_POLICY)
BUCKET = Statement(
    principals="*", actions=["s3:GetObject"], resources=["arn:aws:s3:::packages/*"], reason="unsigned"
)


@cache
def synthesise(buckets: tuple[Statement, ...] = (BUCKET,)) -> str:
    def build(stack: TerraformStack) -> None:
        network = Network(
            stack,
            "network",
            name="my-app",
            cidr="10.20.0.0/16",
            zones=2,
            nat=NoNat(SERVICES, buckets),
            log_group=log_group(stack),
            flow_log_role_name="my-app-flow-logs",
        )
        network.let_out(
            SecurityGroup(stack, "hosts", name="hosts", description="Hosts.", vpc_id=network.vpc_id)
        )
        waited_for = [each.fqn for each in network.way_out if isinstance(each, TerraformElement)]
        TerraformOutput(stack, "way-out", value=json.dumps(waited_for))

    return Testing.synth_scope(build)


def by_service(kind: str) -> dict[str, Any]:
    """The endpoints of a type, by the last part of their names."""
    prefix = "com.amazonaws.eu-central-1."
    found: list[Any] = list(resources(synthesise(), ENDPOINT).values())
    return {
        endpoint["service_name"].removeprefix(prefix): endpoint
        for endpoint in found
        if endpoint["vpc_endpoint_type"] == kind
    }


def group_named(name: str) -> str:
    """A reference to the security group with this tag."""
    (key,) = (key for key, group in resources(synthesise(), GROUP).items() if group["tags"]["Name"] == name)
    return f"${{{GROUP}.{key}.id}}"


def test_there_is_no_nat_gateway_and_no_route_out_of_the_private_subnets() -> None:
    assert_has_no_resource(synthesise(), "aws_nat_gateway")
    assert_has_no_resource(synthesise(), "aws_eip")
    (route,) = resources(synthesise(), "aws_route").values()
    assert "public" in str(route["route_table_id"])


def test_each_service_answers_by_its_usual_name_in_each_zone() -> None:
    found = by_service("Interface")

    assert found.keys() == set(SERVICES)
    for endpoint in found.values():
        private = [name for name in resources(synthesise(), "aws_subnet") if "private" in name]
        assert endpoint["private_dns_enabled"] is True
        assert endpoint["subnet_ids"] == [f"${{aws_subnet.{name}.id}}" for name in private]
        assert endpoint["security_group_ids"] == [group_named("my-app-endpoints")]


@pytest.mark.parametrize("service", SERVICES)
def test_principals_of_other_accounts_are_refused_where_a_policy_can_say_so(service: str) -> None:
    policy = by_service("Interface")[service].get("policy")

    if service in WITHOUT_POLICY:
        assert policy is None
    else:
        (statement,) = json.loads(policy)["Statement"]
        assert statement["Condition"] == {"StringEquals": {"aws:PrincipalAccount": "123456789012"}}


def test_the_endpoint_for_s3_has_the_policy_that_is_asked_for() -> None:
    assert json.loads(by_service("Gateway")["s3"]["policy"])["Statement"] == [BUCKET.render()]


def test_without_one_it_has_awss_own() -> None:
    endpoints: list[Any] = list(resources(synthesise(()), ENDPOINT).values())

    assert ["policy" in endpoint for endpoint in endpoints if endpoint["service_name"].endswith(".s3")] == [
        False
    ]


def test_members_of_a_group_reach_https_of_the_endpoints_and_of_s3_and_nothing_else() -> None:
    hosts, endpoints = group_named("hosts"), group_named("my-app-endpoints")
    (s3,) = (key for key in resources(synthesise(), ENDPOINT) if "s3" in key)

    (ingress,) = resources(synthesise(), INGRESS).values()
    assert_properties(
        ingress, {"security_group_id": endpoints, "referenced_security_group_id": hosts, "to_port": 443}
    )
    egress: list[Any] = list(resources(synthesise(), EGRESS).values())
    assert {rule["security_group_id"] for rule in egress} == {hosts}
    assert {(rule["from_port"], rule["to_port"]) for rule in egress} == {(443, 443)}
    assert sorted(
        rule.get("referenced_security_group_id") or rule.get("prefix_list_id") or rule for rule in egress
    ) == sorted([endpoints, f"${{{ENDPOINT}.{s3}.prefix_list_id}}"])


def test_hosts_wait_for_the_endpoints_and_for_the_rules_that_lead_there() -> None:
    outputs = json.loads(synthesise())["output"]
    waited_for = outputs["way-out"]["value"]

    for kind in (ENDPOINT, INGRESS, EGRESS):
        assert all(f"{kind}.{key}" in waited_for for key in resources(synthesise(), kind))
