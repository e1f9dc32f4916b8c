"""What doctor finds of networks that exist: each fault that would stop a host, or a load balancer."""

from collections.abc import Iterator
from typing import Any

import pytest
from botocore.stub import ANY, Stubber

from local.emulator.team_network import create_networks
from modules.config.endpoints import S3, SERVICES
from slipway.aws import networks
from slipway.aws.networks import ExistingSubnet, vpcs
from slipway.doctor import load_balancer, network, quotas, ways_out
from slipway.doctor.check import Check
from tests.settings import (
    NETWORK_BY_IDS,
    NETWORK_BY_TAGS,
    applied,
    environment,
    minimal,
    one_environment,
    variants,
)
from tests.slipway.doctor.test_account import Here, of, said
from tests.slipway.status.world import world

VPC = str(NETWORK_BY_IDS["vpc"])
PRIVATE, PUBLIC = "subnet-0123456789abcdef0", "subnet-0123456789abcdef2"
OTHERS = ["subnet-0123456789abcdef1", "subnet-0123456789abcdef3"]


@pytest.fixture
def here() -> Iterator[Here]:
    """An account with the network that the settings name by ids."""
    with world() as made:
        settings = one_environment(network=NETWORK_BY_IDS)
        create_networks(made.aws, [settings])
        yield Here(made, of(settings, made))


def checks(here: Here, **keys: Any) -> list[Check]:  # noqa: ANN401 - as settings take them
    settings = one_environment(**keys) if keys else here.project.settings
    return list(network.existing(of(settings, here.world), here.world.aws))


def problem(here: Here, **keys: Any) -> Check:  # noqa: ANN401 - as settings take them
    (only,) = (check for check in checks(here, **keys) if check.state != "ok")
    return only


def default_route(here: Here, subnet: str) -> str:
    """The route table of a subnet."""
    filters = [{"Name": "association.subnet-id", "Values": [subnet]}]
    (table,) = here.world.aws.ec2.describe_route_tables(Filters=filters)["RouteTables"]  # type: ignore[arg-type]
    return table["RouteTableId"]


def without_way_out(here: Here, subnet: str) -> str:
    table = default_route(here, subnet)
    here.world.aws.ec2.delete_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0")
    return table


def test_a_network_in_which_hosts_can_work_has_no_problem(here: Here) -> None:
    assert said(checks(here)) == [
        ("ok", f"staging: {VPC} exists and resolves names"),
        ("ok", "staging: private subnets: 2 in eu-central-1a, eu-central-1b"),
        ("ok", "staging: 502 addresses are free in the private subnets, 5 are needed"),
        ("ok", "staging: public subnets: 2 in eu-central-1a, eu-central-1b"),
    ]


def test_a_network_that_is_created_is_not_looked_up(here: Here) -> None:
    assert checks(here, cidr="10.20.0.0/16") == []


def test_a_network_by_tags_is_found(here: Here) -> None:
    create_networks(here.world.aws, [one_environment(network=NETWORK_BY_TAGS)])
    assert {state for state, _ in said(checks(here, network=NETWORK_BY_TAGS))} == {"ok"}


def test_no_vpc_and_several_vpcs(here: Here) -> None:
    nowhere = {**NETWORK_BY_TAGS, "vpc_tags": {"Name": "nowhere"}}
    missing = problem(here, network=nowhere)
    assert (missing.state, missing.what) == ("todo", "staging: no VPC is tagged Name=nowhere")
    for _ in range(2):
        create_networks(here.world.aws, [one_environment(network=NETWORK_BY_TAGS)])
    several = problem(here, network=NETWORK_BY_TAGS)
    assert several.what.startswith("staging: 2 VPCs are tagged Name=shared: vpc-")


def test_a_vpc_that_does_not_resolve_names(here: Here) -> None:
    here.world.aws.ec2.modify_vpc_attribute(VpcId=VPC, EnableDnsSupport={"Value": False})
    found = problem(here)
    assert found.state == "todo"
    assert found.then == f"aws ec2 modify-vpc-attribute --vpc-id {VPC} --enable-dns-support"


def test_subnets_that_are_missing_or_in_another_vpc(here: Here) -> None:
    create_networks(here.world.aws, [one_environment(network=NETWORK_BY_TAGS)])
    (other,) = vpcs(here.world.aws, None, {"Name": "shared"})
    filters = [{"Name": "vpc-id", "Values": [other]}]
    elsewhere = here.world.aws.ec2.describe_subnets(Filters=filters)["Subnets"][0]["SubnetId"]  # type: ignore[arg-type]
    missing = "subnet-00000000000000000"
    named = {**NETWORK_BY_IDS, "private_subnets": [PRIVATE, missing, elsewhere]}
    (found,) = (check for check in checks(here, network=named) if "not in" in check.what)
    assert found.what == f"staging: private subnets not in {VPC}: {missing}, {elsewhere} (in {other})"
    assert found.then == "correct [environments.network] of staging in pipeline.toml"


def test_another_number_of_subnets_than_expected(here: Here) -> None:
    create_networks(here.world.aws, [one_environment(network=NETWORK_BY_TAGS)])
    found = [check.what for check in checks(here, network=NETWORK_BY_TAGS, zones=3) if check.state != "ok"]
    (vpc,) = vpcs(here.world.aws, None, {"Name": "shared"})
    assert found == [
        f"staging: {kind} subnets: 2 in {vpc} have the tags, and 3 are expected"
        for kind in ("private", "public")
    ]


def test_hosts_in_a_public_subnet_reach_nothing(here: Here) -> None:
    named = {**NETWORK_BY_IDS, "private_subnets": [PUBLIC], "public_subnets": OTHERS}
    (found,) = (check for check in checks(here, network=named) if "is a public subnet" in check.what)
    assert found.what.startswith(f"staging: {PUBLIC} is a public subnet")
    assert found.why.startswith("its default route leads to igw-")


def test_hosts_without_any_way_out(here: Here) -> None:
    without_way_out(here, PRIVATE)
    states = {check.what: check.state for check in checks(here) if check.state != "ok"}
    assert states == {
        f"staging: {subnet} has no default route, so hosts reach no AWS service": "todo"
        for subnet in NETWORK_BY_IDS["private_subnets"]  # type: ignore[attr-defined]
    }


def with_endpoints(here: Here, *services: str) -> None:
    for service in services:
        name = f"com.amazonaws.eu-central-1.{service}"
        if service == S3:
            tables = [default_route(here, PRIVATE)]
            here.world.aws.ec2.create_vpc_endpoint(
                VpcId=VPC, ServiceName=name, VpcEndpointType="Gateway", RouteTableIds=tables
            )
        else:
            here.world.aws.ec2.create_vpc_endpoint(
                VpcId=VPC, ServiceName=name, VpcEndpointType="Interface", PrivateDnsEnabled=True
            )


def test_endpoints_that_hosts_lack(here: Here) -> None:
    without_way_out(here, PRIVATE)
    with_endpoints(here, *(service for service in (S3, *SERVICES) if service not in {"logs", "ssm"}))
    for asked in (True, False):
        (first, *_) = (
            check
            for check in checks(here, network=NETWORK_BY_IDS, endpoints=asked)
            if "default route" in check.what
        )
        assert (first.state, first.what) == (
            "todo",
            f"staging: {PRIVATE} has no default route, and {VPC} no endpoint for logs, ssm",
        )


def test_endpoints_that_only_hosts_with_the_setting_can_use(here: Here) -> None:
    without_way_out(here, PRIVATE)
    with_endpoints(here, S3, *SERVICES)
    assert {check.state for check in checks(here, network=NETWORK_BY_IDS, endpoints=True)} == {"ok"}
    wrong = [check for check in checks(here) if check.state != "ok"]
    assert {check.then for check in wrong} == {"set endpoints = true for this environment in pipeline.toml"}


def test_other_routes_are_named_and_left_to_the_team(here: Here) -> None:
    table = without_way_out(here, PRIVATE)
    interface = here.world.aws.ec2.create_network_interface(SubnetId=PUBLIC)["NetworkInterface"]
    here.world.aws.ec2.create_route(
        RouteTableId=table,
        DestinationCidrBlock="0.0.0.0/0",
        NetworkInterfaceId=interface["NetworkInterfaceId"],
    )
    assert {check.state for check in checks(here) if "beyond which" in check.what} == {"later"}


def test_too_few_addresses_for_the_hosts_and_one_more(here: Here) -> None:
    found = problem(here, network=NETWORK_BY_IDS, maximum_hosts=502)
    assert found.what == "staging: 502 addresses are free in the private subnets, 503 are needed"


def test_a_load_balancer_in_one_zone_without_a_way_in(here: Here) -> None:
    named = {**NETWORK_BY_IDS, "private_subnets": OTHERS[:1], "public_subnets": [PRIVATE, PUBLIC]}
    found = [check.what for check in checks(here, network=named) if check.state == "todo"]
    assert found == [
        "staging: the public subnets are all in eu-central-1a; a load balancer needs two zones",
        f"staging: {PRIVATE} has no route to an internet gateway, so clients reach no load balancer in it",
    ]


def test_a_subnet_too_full_for_a_load_balancer(here: Here) -> None:
    with Stubber(here.world.aws.ec2) as stub:
        subnets = [
            {
                "SubnetId": f"subnet-{zone}",
                "VpcId": VPC,
                "AvailabilityZone": zone,
                "AvailableIpAddressCount": 7,
            }
            for zone in "ab"
        ]
        tables = [{"Associations": [{"Main": True}], "Routes": [ROUTE]}]
        stub.add_response("describe_subnets", {"Subnets": subnets}, {"Filters": ANY})
        stub.add_response("describe_route_tables", {"RouteTables": tables}, {"Filters": ANY})
        found = networks.subnets(here.world.aws, VPC, ["subnet-a", "subnet-b"], {})
    assert [check.what for check in network._for_load_balancer("staging", found)] == [
        f"staging: 7 addresses are free in subnet-{zone}; a load balancer needs 8" for zone in "ab"
    ]


def subnet_with(here: Here, **route: str) -> ExistingSubnet:
    """A subnet with a default route to this target."""
    route = {"DestinationCidrBlock": networks.ANYWHERE, **route}
    with Stubber(here.world.aws.ec2) as stub:
        tables = [{"RouteTableId": "rtb-1", "Associations": [{"Main": True}], "Routes": [route]}]
        stub.add_response("describe_subnets", {"Subnets": [{"SubnetId": PRIVATE}]}, {"Filters": ANY})
        stub.add_response("describe_route_tables", {"RouteTables": tables}, {"Filters": ANY})
        (found,) = networks.subnets(here.world.aws, VPC, [PRIVATE], {})
    return found


def test_a_default_route_to_what_is_deleted_leads_nowhere(here: Here) -> None:
    gone = subnet_with(here, NatGatewayId="nat-1", State="blackhole")
    (found,) = ways_out._by_route("staging", gone)
    assert (found.state, found.what) == (
        "todo",
        f"staging: the default route of {PRIVATE} leads to nat-1, which does not exist any more",
    )
    assert list(ways_out._by_route("staging", subnet_with(here, NatGatewayId="nat-1"))) == []


def test_a_default_route_of_every_kind_is_one(here: Here) -> None:
    other = {"Origin", "State", "InstanceOwnerId"}
    model: Any = here.world.aws.ec2.meta.service_model.shape_for("Route")
    kinds = model.members.keys() - other
    for kind in sorted(kind for kind in kinds if not kind.startswith("Destination")):
        found = subnet_with(here, **{kind: "there"})
        assert found.way_out.target == "there", kind


def test_a_public_subnet_whose_internet_gateway_is_deleted(here: Here) -> None:
    found = network._for_load_balancer("staging", [subnet_with(here, GatewayId="igw-1", State="blackhole")])
    assert next(check.what for check in found if "gateway" in check.what) == (
        f"staging: {PRIVATE} has no route to an internet gateway, so clients reach no load balancer in it"
    )


@pytest.mark.parametrize(
    ("endpoint", "said_"),
    [
        ({"available": False}, f"has a default route, and {VPC} an endpoint that is not available for logs"),
        ({"named": False}, f"has a default route, and {VPC} an endpoint without private DNS names for logs"),
    ],
)
def test_endpoints_that_hosts_cannot_use(endpoint: dict[str, bool], said_: str) -> None:
    usable = {"gateway": False, "available": True, "named": True}
    found = [
        networks.ExistingEndpoint(service, tables=frozenset(), **{**usable, **own})
        for service in (S3, *SERVICES)
        for own in [endpoint if service == "logs" else {}]
    ]
    subnet = ExistingSubnet(PRIVATE, VPC, "a", 9, networks.DefaultRoute("nat-1", table="rtb-1"))
    (environment_,) = one_environment(network=NETWORK_BY_IDS, endpoints=True).environments
    check = ways_out._by_endpoints(environment_, subnet, VPC, found)
    assert (check.state, check.what) == ("todo", f"staging: {PRIVATE} {said_}")
    assert check.then == f"mend this in {VPC}, or remove endpoints = true"


def test_hosts_that_use_endpoints_need_them_beside_a_nat_gateway_too(here: Here) -> None:
    found = [check for check in checks(here, network=NETWORK_BY_IDS, endpoints=True) if check.state != "ok"]
    assert {check.state for check in found} == {"todo"}
    assert found[0].what.startswith(f"staging: {PRIVATE} has a default route, and {VPC} no endpoint for")
    with_endpoints(here, S3, *SERVICES)
    assert {check.state for check in checks(here, network=NETWORK_BY_IDS, endpoints=True)} == {"ok"}


def test_a_gateway_endpoint_serves_the_subnets_whose_route_table_has_it(here: Here) -> None:
    without_way_out(here, PRIVATE)
    with_endpoints(here, *SERVICES)
    here.world.aws.ec2.create_vpc_endpoint(
        VpcId=VPC, ServiceName=f"com.amazonaws.eu-central-1.{S3}", VpcEndpointType="Gateway"
    )
    found = [check for check in checks(here, network=NETWORK_BY_IDS, endpoints=True) if check.state != "ok"]
    table = default_route(here, PRIVATE)
    assert found[0].what == (
        f"staging: {PRIVATE} has no default route, and {VPC} no route in {table} to its endpoint for s3"
    )


def test_a_subnet_of_another_vpc_is_only_said_to_be_there(here: Here) -> None:
    create_networks(here.world.aws, [one_environment(network=NETWORK_BY_TAGS)])
    (other,) = vpcs(here.world.aws, None, {"Name": "shared"})
    filters = [{"Name": "vpc-id", "Values": [other]}]
    elsewhere = here.world.aws.ec2.describe_subnets(Filters=filters)["Subnets"][0]["SubnetId"]  # type: ignore[arg-type]
    named = {**NETWORK_BY_IDS, "private_subnets": [PRIVATE, elsewhere]}
    found = [check.what for check in checks(here, network=named) if elsewhere in check.what]
    assert found == [f"staging: private subnets not in {VPC}: {elsewhere} (in {other})"]


ROUTE = {"DestinationCidrBlock": "0.0.0.0/0", "GatewayId": "igw-1"}


def test_a_range_that_overlaps_another_vpc_is_said_and_needs_no_action(here: Here) -> None:
    settings = minimal(environments=[environment(cidr="10.200.0.0/20")])
    (found,) = network.overlaps(of(settings, here.world), here.world.aws)
    assert (found.state, found.what) == (
        "later",
        f"the range 10.200.0.0/20 of my-app-staging overlaps {VPC}, which has 10.200.0.0/16",
    )
    apart = minimal(environments=[environment(cidr="10.99.0.0/20")])
    assert list(network.overlaps(of(apart, here.world), here.world.aws)) == []


def test_a_network_that_exists_counts_in_no_quota(here: Here) -> None:
    (environment_,) = here.project.settings.environments
    assert quotas._networks(here.world.aws, [environment_]) == 0
    assert quotas._gateways(here.world.aws, [environment_]) == 0
    (without_nat,) = one_environment(endpoints=True).environments
    assert quotas._gateways(here.world.aws, [without_nat]) == 0


def test_a_platform_of_the_service_itself_is_not_applied_yet_and_then_checked(here: Here) -> None:
    platforms = of(variants()["four-environments"], here.world)
    unapplied = "not checked: its platform my-app-dev is not applied yet"
    waiting = [("later", f"test: network {unapplied}")]
    assert said(network.existing(platforms, here.world.aws)) == waiting
    assert said(load_balancer.existing(platforms, here.world.aws)) == [
        ("later", f"test: load balancer {unapplied}")
    ]

    create_networks(here.world.aws, [variants()["four-environments"]])
    assert said(network.existing(platforms, here.world.aws)) == waiting  # its own stack creates it
    create_networks(here.world.aws, [applied(variants()["four-environments"])])
    assert ("ok", "test: private subnets: 2 in eu-central-1a, eu-central-1b") in said(
        network.existing(platforms, here.world.aws)
    )
