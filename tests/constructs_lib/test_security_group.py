import re
from collections.abc import Callable

from constructs_lib.security_group import SecurityGroup
from constructs_lib.testing import Testing, assert_has_no_resource, assert_properties, resource, resources

import pytest
from cdktf import TerraformStack

INGRESS, EGRESS = "aws_vpc_security_group_ingress_rule", "aws_vpc_security_group_egress_rule"


def synthesise(open_it: Callable[[SecurityGroup], object] = lambda _: None) -> str:
    def build(stack: TerraformStack) -> None:
        open_it(SecurityGroup(stack, "db", name="my-app-db", description="The database.", vpc_id="vpc-1"))

    return Testing.synth_scope(build)


def test_a_group_lets_nothing_in_or_out_by_itself() -> None:
    synthesised = synthesise()

    assert {"ingress", "egress"}.isdisjoint(resource(synthesised, "aws_security_group"))
    assert_has_no_resource(synthesised, INGRESS)
    assert_has_no_resource(synthesised, EGRESS)


def test_a_group_in_use_can_be_replaced() -> None:
    assert_properties(
        resource(synthesise(), "aws_security_group"),
        {"name_prefix": "my-app-db-", "lifecycle": {"create_before_destroy": True}},
    )


@pytest.mark.parametrize("description", ["AWS's services.", "", "x" * 256, "Größe"])
def test_a_description_that_aws_refuses_is_refused_here(description: str) -> None:
    with pytest.raises(ValueError, match=re.escape(f"received {description!r}")):
        Testing.synth_scope(
            lambda stack: SecurityGroup(stack, "db", name="db", description=description, vpc_id="vpc-1")
        )


def test_a_range_is_let_in_on_one_port() -> None:
    rule = resource(synthesise(lambda group: group.allow_from_range(5432, "10.20.0.0/16")), INGRESS)

    assert_properties(
        rule, {"cidr_ipv4": "10.20.0.0/16", "ip_protocol": "tcp", "from_port": 5432, "to_port": 5432}
    )


def test_a_range_can_be_reached_on_one_port() -> None:
    rule = resource(synthesise(lambda group: group.allow_to_range(443, "0.0.0.0/0")), EGRESS)

    assert_properties(
        rule, {"cidr_ipv4": "0.0.0.0/0", "ip_protocol": "tcp", "from_port": 443, "to_port": 443}
    )


def test_what_is_behind_another_group_is_let_out_of_it_and_in_here() -> None:
    synthesised = synthesise(lambda group: group.allow_from_group("sg-1", 5432))

    own = resource(synthesised, INGRESS)["security_group_id"]
    assert_properties(
        resource(synthesised, INGRESS), {"referenced_security_group_id": "sg-1", "to_port": 5432}
    )
    assert_properties(
        resource(synthesised, EGRESS),
        {"security_group_id": "sg-1", "referenced_security_group_id": own, "to_port": 5432},
    )


def test_another_port_changes_the_rules_between_groups_in_place() -> None:
    def names(port: int) -> list[str]:
        synthesised = synthesise(lambda group: group.allow_from_group("sg-1", port))
        return [name for kind in (INGRESS, EGRESS) for name in resources(synthesised, kind)]

    assert names(8080) == names(9090)


def test_a_group_of_somebody_elses_can_be_reached_on_one_port() -> None:
    rule = resource(synthesise(lambda group: group.allow_to_group(5432, "sg-01234567")), EGRESS)

    assert_properties(
        rule, {"referenced_security_group_id": "sg-01234567", "from_port": 5432, "to_port": 5432}
    )


def test_the_ranges_of_a_prefix_list_can_be_reached_on_one_port() -> None:
    synthesised = synthesise(lambda group: group.allow_to_prefix_list(443, "s3", "pl-1"))

    assert_properties(
        resource(synthesised, EGRESS), {"prefix_list_id": "pl-1", "from_port": 443, "to_port": 443}
    )
