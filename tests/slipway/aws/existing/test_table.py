"""Every type that can be synthesised can be searched for, or says why not; its arguments are there."""

import re

import pytest

from slipway.aws.existing.table import DATA, LOOKUPS, NOT_IMPORTED
from tests.settings import variants
from tests.synthesis import Resource, synthesised


def resources() -> list[Resource]:
    return [resource for variant in variants() for resource in synthesised(variant).resources()]


def test_every_type_that_can_be_synthesised_is_in_one_of_the_tables() -> None:
    types = {resource.type for resource in resources()}

    assert types - LOOKUPS.keys() - NOT_IMPORTED.keys() == set(), "add the type to aws/existing/table.py"
    assert LOOKUPS.keys() & NOT_IMPORTED.keys() == set()


def test_every_reason_not_to_import_a_type_is_a_sentence() -> None:
    assert all(re.fullmatch(r"[a-z].{20,}[A-Za-z]", reason) for reason in NOT_IMPORTED.values())


@pytest.mark.parametrize("kind", LOOKUPS)
def test_the_arguments_in_an_import_id_are_arguments_of_the_resource(kind: str) -> None:
    arguments = set(re.findall(r"\{(\w+)\}", LOOKUPS[kind].id)) - {"target_id"}  # the provider generates it

    for resource in resources():
        if resource.type == kind:
            assert arguments - resource.attributes.keys() == set()


def test_the_data_sources_that_identify_resources_are_searched_for_by_name() -> None:
    data = {
        kind
        for variant in variants()
        for stack in synthesised(variant).stacks.values()
        for kind in stack.get("data", {})
    }

    assert data - DATA.keys() == {
        *("aws_availability_zones", "aws_subnet", "aws_subnets"),  # none is identified by zone or subnet
        *("aws_ecr_repository", "aws_kms_key"),  # their name and ARN are known
    }
