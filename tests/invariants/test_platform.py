"""What one environment creates, another service finds as its platform, by the names that it looks up."""

from fnmatch import fnmatchcase

from modules.config.names import Names, load_balancer_group
from modules.config.settings import Environment
from tests.settings import environment as keys
from tests.settings import minimal
from tests.synthesis import Synthesised, synthesised


def environment_joining(platform: str) -> Environment:
    """An environment of another service that has a platform."""
    joining = keys(platform=platform, load_balancer={"host_names": ["a.example.com"]})
    return minimal(service="another", environments=[joining]).environments[0]


def test_an_environment_finds_its_platform_of_the_same_service() -> None:
    made = synthesised("four-environments")
    shared, own = made.stacks["my-app-test"], made.stacks["my-app-dev"]

    assert {"aws_lb", "aws_vpc", "aws_nat_gateway"} & shared["resource"].keys() == set()
    (balancer,) = own["resource"]["aws_lb"].values()
    (found,) = shared["data"]["aws_lb"].values()
    assert (balancer["name"], found["name"]) == ("my-app-dev", "my-app-dev")
    (rule,) = shared["resource"]["aws_lb_listener_rule"].values()
    assert rule["condition"] == [{"host_header": {"values": ["test.example.com"]}}]


def test_a_platform_is_found_by_the_names_that_its_owner_gives(everything: Synthesised) -> None:
    for environment, names in zip(
        everything.pipeline.environments, Names.of(everything.pipeline).environments, strict=True
    ):
        if environment.existing_network or environment.existing_load_balancer:
            continue
        joined = environment_joining(names.prefix)
        network, balancer = joined.existing_network, joined.existing_load_balancer
        assert network
        assert balancer
        own = [resource for resource in everything.resources() if resource.stack == names.stack]
        tags = {
            kind: [resource["tags"]["Name"] for resource in own if resource.type == kind]
            for kind in ("aws_vpc", "aws_subnet", "aws_security_group")
        }
        assert tags["aws_vpc"] == [network.vpc_tags["Name"]]
        found = [name for name in tags["aws_subnet"] if fnmatchcase(name, network.private_tags["Name"])]
        assert len(found) == environment.zone_count
        assert all("-private-" in name for name in found)
        assert tags["aws_security_group"].count(load_balancer_group(balancer.name or "")) == 1
        (load_balancer,) = (resource for resource in own if resource.type == "aws_lb")
        assert load_balancer["name"] == balancer.name
