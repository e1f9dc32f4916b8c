"""What a state holds that its stack does not plan: what remains, and what has a planned one's arguments."""

from typing import Any

import pytest

from slipway.adopt.search import Search
from slipway.adopt.stack import PlannedStack
from slipway.adopt.stack_adoption import StackAdoption, adoption_of, remaining
from slipway.adopt.state import LeftResources, StackState, import_id, import_ids
from slipway.aws.clients import Aws
from slipway.aws.existing.wanted import Reader
from slipway.terraform.state.contents import StateResource

FUNCTION = "aws_lambda_function"
OWN = {"function_name": "own", "memory_size": 128, "publish": True, "tags": {"a": "b"}, "vpc_config": [{}]}
HELD = {**OWN, "memory_size": 128, "vpc_config": [], "timeout": 3, "id": "own"}


def held(*resources: StateResource, **document: Any) -> StackState:  # noqa: ANN401 - Terraform's JSON
    by_address = {resource.address: resource for resource in resources}
    return StackState(by_address, PlannedStack(document, lambda _address: None))


def function(address: str, **changes: Any) -> StateResource:  # noqa: ANN401 - attributes
    return StateResource(address, FUNCTION, {**HELD, **changes})


def adopted(*resources: StateResource, planned: dict[str, Any]) -> StackAdoption:
    """What is adopted of types that Slipway does not search for."""
    state = {resource.address: resource for resource in resources}
    search = Search(Reader(Aws("eu-central-1", {})), state, {})
    return adoption_of("own", PlannedStack({"resource": planned}, search.find), search, state, {})


def test_an_id_is_the_one_by_which_terraform_imports_it() -> None:
    group = StateResource("aws_autoscaling_group.g", "aws_autoscaling_group", {"id": "web", "arn": "arn:web"})

    assert import_id(group) == "web"
    assert import_ids(group) == {"web", "arn:web"}
    assert import_ids(StateResource("aws_eip.a", "aws_eip")) == set()


def test_what_is_planned_in_another_form_does_not_remain() -> None:
    planned: dict[str, Any] = {FUNCTION: {"many": {"for_each": {}}, "one": {}}}
    resources = [function(f'{FUNCTION}.many["a"]'), function(f"{FUNCTION}.one[0]")]
    inside = function(f"module.own.{FUNCTION}.x")
    given_up = function("module.gone[0].aws_lambda_function.y")
    moved = function(f"{FUNCTION}.moved")

    state = held(
        *(*resources, inside, given_up, moved),
        resource=planned,
        module={"own": {}},
        removed=[{"from": "module.gone.aws_lambda_function.y"}],
    )

    assert state.left({moved.address}) == ()


def test_what_remains_is_named_once_for_all_its_instances_and_with_the_same_object() -> None:
    own = [StateResource(f'module.m["k"].aws_eip.own["{key}"]', "aws_eip", {"id": key}) for key in "ba"]
    ours = StateResource("aws_eip.ours", "aws_eip", {"id": "b"})

    assert held(*own, ours, resource={"aws_eip": {"ours": {}}}).left(()) == (
        LeftResources("module.m.aws_eip.own", ("a", "b"), same="aws_eip.ours"),
    )


def test_what_a_removed_block_cannot_name_has_a_command() -> None:
    other = StateResource('aws_eip.ours["a"]', "aws_eip", {"id": "a"})

    left = held(other, resource={"aws_eip": {"ours": {}}}).left(())

    assert left == (LeftResources(other.address, ("a",), removable=False),)
    assert """terraform state rm 'aws_eip.ours["a"]'  # a""" in "\n".join(
        remaining(StackAdoption("net", (), left=left))
    )


def test_what_is_not_searched_moves_if_one_in_the_state_has_all_its_arguments() -> None:
    found = adopted(function(f"{FUNCTION}.old"), planned={FUNCTION: {"new": OWN}})

    assert found.lines == {f"{FUNCTION}.new": {"moved_from": f"{FUNCTION}.old"}}
    assert (found.moved[0].by, found.moved[0].id) == ("its arguments", "own")


@pytest.mark.parametrize(
    ("resources", "planned"),
    [
        ([function("a.old"), function("a.older")], {"new": OWN}),
        ([function("a.old")], {"new": OWN, "newer": OWN}),
        ([function("a.old", memory_size=256)], {"new": OWN}),
        ([function("a.old", tags={})], {"new": OWN}),
        ([function("a.old")], {"new": {**OWN, "count": 1}}),
        ([function("a.old")], {"new": {"function_name": "${upper(var.a)}"}}),
        ([StateResource("a.old", "aws_lambda_alias", HELD)], {"new": OWN}),
    ],
    ids=["several", "for several", "changed", "tags", "count", "unknown", "another type"],
)
def test_what_is_not_clearly_the_same_stays_where_it_is(
    resources: list[StateResource], planned: dict[str, Any]
) -> None:
    assert adopted(*resources, planned={FUNCTION: planned}).lines == {}
