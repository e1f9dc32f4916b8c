"""What is found of planned resources: one, several, none, or not to be searched."""

from collections.abc import Iterator

import pytest

from modules.config import adopted
from slipway.adopt.search import Outcome, Search
from slipway.adopt.stack import PlannedStack
from slipway.adopt.stack_adoption import StackAdoption, adoption_of, require_unambiguous
from slipway.aws.clients import Aws
from slipway.aws.existing.wanted import Reader
from slipway.console.errors import SlipwayError
from slipway.terraform.state.contents import StateResource
from tests.slipway.accounts import emptied
from tests.slipway.aws.existing.searching import NETWORK, only, searched, vpc
from tests.slipway.recorded import recorded, repeated

NONE: adopted.Adopted = {}


@pytest.fixture
def aws() -> Iterator[Aws]:
    with emptied() as aws:
        yield aws


def subnet(aws: Aws, network: str) -> str:
    return str(aws.ec2.create_subnet(VpcId=network, CidrBlock="10.1.0.0/24")["Subnet"]["SubnetId"])


def test_in_an_empty_account_everything_is_new_and_nothing_is_asked_twice(aws: Aws) -> None:
    with recorded() as calls:
        found = searched(aws, NETWORK)

    assert {candidate.outcome for candidate in found.values()} == {Outcome.ABSENT}
    assert not [call.name for call in calls if call.changes]
    assert repeated(calls) == []


def test_what_belongs_to_something_is_found_by_it(aws: Aws) -> None:
    network = vpc(aws)
    inside = subnet(aws, network)
    table = aws.ec2.create_route_table(VpcId=network)["RouteTable"]["RouteTableId"]
    aws.ec2.associate_route_table(SubnetId=inside, RouteTableId=table)

    found = searched(aws, NETWORK)

    assert found["aws_vpc.net"].id == network
    assert found["aws_subnet.a"].id == inside
    assert found["aws_route_table.a"].id == table
    assert found["aws_route_table_association.a"].id == f"{inside}/{table}"
    assert found["aws_default_security_group.none"].id.startswith("sg-")
    assert {candidate.outcome for candidate in found.values()} == {Outcome.FOUND}


def test_a_subnet_that_is_in_another_route_table_moves_to_the_planned_one(aws: Aws) -> None:
    network = vpc(aws)
    inside = subnet(aws, network)
    table = aws.ec2.create_route_table(VpcId=network)["RouteTable"]["RouteTableId"]
    aws.ec2.associate_route_table(SubnetId=inside, RouteTableId=table)
    twice = {**NETWORK, "aws_route_table": {"a": NETWORK["aws_route_table"]["a"], "b": {"vpc_id": network}}}

    found = searched(aws, twice, {"aws_route_table.b": table})

    assert found["aws_route_table.a"].outcome is Outcome.ABSENT
    assert found["aws_route_table_association.a"].id == f"{inside}/{table}"


def test_of_several_with_the_same_name_none_is_chosen_nor_what_is_in_them(aws: Aws) -> None:
    several = sorted([vpc(aws), vpc(aws)])

    found = searched(aws, NETWORK)

    assert found["aws_vpc.net"].outcome is Outcome.AMBIGUOUS
    assert found["aws_vpc.net"].ids == tuple(several)
    assert found["aws_subnet.a"].outcome is Outcome.ABSENT


def test_the_id_that_a_person_gave_is_believed_and_leads_on(aws: Aws) -> None:
    chosen = vpc(aws, "another-name")
    inside = subnet(aws, chosen)

    found = searched(aws, NETWORK, {"aws_vpc.net": chosen})

    assert found["aws_vpc.net"].outcome is Outcome.WRITTEN
    assert found["aws_subnet.a"].id == inside


def test_what_is_in_the_state_is_not_searched_and_leads_on(aws: Aws) -> None:
    network = vpc(aws, "named-later")
    inside = subnet(aws, network)
    state = {"aws_vpc.net": StateResource("aws_vpc.net", "aws_vpc", {"id": network})}
    search = Search(Reader(aws), state, {})

    found = {each.address: each for each in search.all(PlannedStack({"resource": NETWORK}, search.find))}

    assert found["aws_vpc.net"].outcome is Outcome.IN_STATE
    assert found["aws_subnet.a"].id == inside


def moving(aws: Aws, *held: StateResource, lines: adopted.Adopted = NONE) -> StackAdoption:
    """What is adopted of the network, whose state holds resources; all of it but those is new."""
    state = {resource.address: resource for resource in held}
    search = Search(Reader(aws), state, lines.get("net", {}))
    blocks = adopted.blocks(lines).get("net", {})
    stack = PlannedStack({"resource": NETWORK, **blocks}, search.find)
    return adoption_of("net", stack, search, state, lines.get("net", {}))


def test_what_the_state_has_at_another_address_moves_and_is_not_imported(aws: Aws) -> None:
    network = vpc(aws)
    inside = subnet(aws, network)
    old = StateResource('module.net["a]"].aws_vpc.this[0]', "aws_vpc", {"id": network})

    found = moving(aws, old)

    group = found.lines["aws_default_security_group.none"]
    moves = {"aws_vpc.net": {"moved_from": old.address}}
    assert found.lines == {**moves, "aws_subnet.a": inside, "aws_default_security_group.none": group}
    assert found.left == ()
    # The same with its line, with an older line that imports, and with one whose address is gone.
    for line in (moves["aws_vpc.net"], network, {"moved_from": "aws_vpc.gone"}):
        assert moving(aws, old, lines={"net": {"aws_vpc.net": line}}).lines == found.lines


def test_what_the_state_has_at_several_addresses_is_chosen_by_a_line(aws: Aws) -> None:
    network = vpc(aws)
    held = [StateResource(f"aws_vpc.{name}", "aws_vpc", {"id": network}) for name in ("old", "older")]

    found = moving(aws, *held)

    [unclear] = found.of(Outcome.AMBIGUOUS)
    assert unclear.moved_from == ("aws_vpc.old", "aws_vpc.older")
    with pytest.raises(SlipwayError) as error:
        require_unambiguous((found,))
    assert '"aws_vpc.net" = { moved_from = "aws_vpc.older" }' in str(error.value)

    found = moving(aws, *held, lines={"net": {"aws_vpc.net": {"moved_from": "aws_vpc.older"}}})
    assert [(left.address, left.same) for left in found.left] == [("aws_vpc.old", "aws_vpc.older")]


def test_an_object_that_the_stack_has_at_another_planned_address_is_not_adopted_again(aws: Aws) -> None:
    network = vpc(aws)
    inside = subnet(aws, network)
    held = StateResource("aws_subnet.a", "aws_subnet", {"id": inside})
    twice = {**NETWORK, "aws_subnet": {"a": NETWORK["aws_subnet"]["a"], "b": NETWORK["aws_subnet"]["a"]}}
    search = Search(Reader(aws), {held.address: held}, {})

    found = {each.address: each for each in search.all(PlannedStack({"resource": twice}, search.find))}

    assert found["aws_subnet.b"].outcome is Outcome.ABSENT
    assert found["aws_subnet.b"].why == f"{inside} is in the state as aws_subnet.a"


def test_a_line_that_forgets_stays_while_the_state_has_it(aws: Aws) -> None:
    lines: adopted.Adopted = {"net": {"aws_eip.own": {"destroy": False}}}
    old = StateResource('aws_eip.own["a"]', "aws_eip", {"id": "eipalloc-1"})

    assert [left.address for left in moving(aws, old).left] == ["aws_eip.own"]
    kept = moving(aws, old, lines=lines)
    assert (kept.left, kept.lines, kept.dropped) == ((), lines["net"], ())
    assert moving(aws, lines=lines).dropped == ("aws_eip.own",)


def test_one_resource_cannot_be_two_planned_ones(aws: Aws) -> None:
    network = vpc(aws)
    inside = subnet(aws, network)
    twice = {**NETWORK, "aws_subnet": {"a": NETWORK["aws_subnet"]["a"], "b": NETWORK["aws_subnet"]["a"]}}

    found = searched(aws, twice)

    assert found["aws_subnet.a"].outcome is Outcome.AMBIGUOUS
    assert found["aws_subnet.a"].ids == (inside,)
    assert found["aws_subnet.a"].why == "also aws_subnet.b"

    found = searched(aws, twice, {"aws_subnet.b": inside})
    assert found["aws_subnet.b"].outcome is Outcome.WRITTEN
    assert found["aws_subnet.a"].outcome is Outcome.ABSENT
    assert found["aws_subnet.a"].why == f"{inside} is adopted as aws_subnet.b"


@pytest.mark.parametrize(
    ("planned", "blocks", "why"),
    [
        ({"aws_lambda_function": {"own": {"function_name": "own"}}}, {}, "does not search for resources"),
        ({"aws_acm_certificate_validation": {"own": {}}}, {}, "it only waits for the certificate"),
        ({"aws_vpc": {"own": {"count": 2, "tags": {"Name": "a"}}}}, {}, "it has count or for_each"),
        (
            {"aws_vpc": {"own": {"tags": {"Name": '${upper("a")}'}}}},
            {},
            "only Terraform can evaluate its tags",
        ),
        ({"aws_vpc": {"own": {"tags": {}}}}, {}, "only Terraform can evaluate its tags.Name"),
        (
            {"aws_vpc": {"own": {"tags": {"Name": "a"}}}},
            {"import": [{"to": "aws_vpc.own", "id": "vpc-1"}]},
            "the stack has an import block for it already",
        ),
    ],
)
def test_what_cannot_be_searched_says_why(aws: Aws, planned: object, blocks: object, why: str) -> None:
    found = only(aws, planned, **blocks)  # type: ignore[arg-type]

    assert found.outcome is Outcome.NOT_SEARCHED
    assert found.why.startswith(why) or why in found.why
