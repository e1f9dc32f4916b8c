"""What is found of planned resources: one, several, none, or not to be searched."""

from collections.abc import Iterator

import pytest

from slipway.adopt.search import Outcome, Search
from slipway.adopt.stack import PlannedStack
from slipway.aws.clients import Aws
from slipway.aws.existing.wanted import Reader
from slipway.terraform.state.contents import StateResource
from tests.slipway.accounts import emptied
from tests.slipway.aws.existing.searching import NETWORK, only, searched, vpc
from tests.slipway.recorded import recorded, repeated


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


def test_one_resource_cannot_be_two_planned_ones(aws: Aws) -> None:
    network = vpc(aws)
    inside = subnet(aws, network)
    twice = {**NETWORK, "aws_subnet": {"a": NETWORK["aws_subnet"]["a"], "b": NETWORK["aws_subnet"]["a"]}}

    found = searched(aws, twice)

    assert found["aws_subnet.a"].outcome is Outcome.AMBIGUOUS
    assert found["aws_subnet.a"].ids == (inside,)
    assert found["aws_subnet.a"].why == "also aws_subnet.b"


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
