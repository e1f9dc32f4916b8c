"""What an apply would change of what is imported, with the setting that decides it."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from plan_review.plan import UNKNOWN, Action, ResourceChange, Value
from slipway.adopt.differences import ALWAYS, NOTES, SETTINGS, harms, named, verdict
from tests.plan_review.changes import change, plan
from tests.settings import variants
from tests.synthesis import synthesised

SCHEMA = json.loads((Path(__file__).parents[3] / "pipeline.schema.json").read_text("utf-8"))
LOGS, VPC = "aws_cloudwatch_log_group.app", "aws_vpc.net"


def imported(
    address: str, before: dict[str, Value], after: dict[str, Value], *forced_by: str
) -> ResourceChange:
    action = Action.REPLACE if forced_by else None
    paths = [(name,) for name in forced_by]
    made = change(address, before=before, after=after, action=action, forced_by=paths)
    return replace(made, imported="its-id")


def said(*changes: ResourceChange) -> list[str]:
    return [" | ".join(difference.lines) for difference in named(plan(*changes))]


def test_a_difference_names_the_setting_that_decides_it() -> None:
    assert said(imported(LOGS, {"retention_in_days": 14}, {"retention_in_days": 30})) == [
        f"{LOGS}: retention_in_days: 14 → 30 |     decided by the setting log_retention_days in pipeline.toml"
    ]


def test_what_slipway_always_sets_is_said_to_be_so() -> None:
    [line] = said(imported(VPC, {"enable_dns_support": False}, {"enable_dns_support": True}))
    assert line.endswith(ALWAYS)


def test_what_would_replace_it_says_how_to_leave_it_alone() -> None:
    there, wanted = {"cidr_block": "10.0.0.0/16"}, {"cidr_block": "10.1.0.0/16"}
    forced = imported(VPC, {**there}, {**wanted}, "cidr_block")

    [line] = said(forced)
    assert "this would replace it: decided by the setting environments.cidr in pipeline.toml" in line
    assert line.endswith("or delete its line from adopt.toml to leave it alone")
    assert harms([plan(forced)])


def test_of_an_argument_that_differs_in_many_places_the_first_is_told() -> None:
    [line] = said(imported(LOGS, {"policy": {"a": "1", "b": "1"}}, {"policy": {"a": "2", "b": "2"}}))
    assert line == f"{LOGS}: policy.a: 1 → 2, and 1 more places |     {ALWAYS}"


def test_tags_are_told_once_for_all_resources() -> None:
    none: dict[str, Value] = {"tags": {}, "tags_all": {}}
    tagged: dict[str, Value] = {"tags": {"service": "a"}, "tags_all": {"service": "a"}}

    [line] = said(imported(LOGS, none, tagged), imported(VPC, none, tagged))
    assert line == f"{LOGS} and 1 more: tags.service: (nothing) → a |     Slipway tags every resource"


def test_a_default_tag_is_told_although_only_tags_all_has_it() -> None:
    before: dict[str, Value] = {"tags": {"owner": "us"}, "tags_all": {"owner": "us"}}
    after: dict[str, Value] = {"tags": {}, "tags_all": {"managed-by": "slipway"}}

    assert said(imported(VPC, before, after)) == [
        f"{VPC}: tags.owner: us → (nothing) |     the setting tags keeps it, on every resource",
        f"{VPC}: tags.managed-by: (nothing) → slipway |     Slipway tags every resource",
    ]


def test_a_value_that_follows_from_a_change_and_what_is_only_recorded_are_no_differences() -> None:
    computed = replace(
        imported(VPC, {"arn": "a", "instance_tenancy": "x"}, {"arn": UNKNOWN, "instance_tenancy": "y"}),
        configured=frozenset({"instance_tenancy"}),
    )
    recorded = imported("aws_kms_key.k", {"deletion_window_in_days": None}, {"deletion_window_in_days": 30})

    assert [line.partition(" → ")[0] for line in said(computed, recorded)] == [f"{VPC}: instance_tenancy: x"]


def test_what_is_created_or_changed_without_an_import_is_none_of_its_business() -> None:
    assert said(change(VPC, after={"cidr_block": "x"}), change(LOGS, before={"a": 1}, after={"a": 2})) == []


def test_the_verdict_counts_what_exists() -> None:
    same: dict[str, Value] = {"cidr_block": "10.0.0.0/16"}
    only = plan(imported(VPC, same, same), change(LOGS, after={"name": "new"}))

    assert verdict(only) == "1 imported, 0 changed, 0 destroyed, 1 created"
    assert not harms([only])
    assert harms([plan(change(VPC, before=same))])


def settings(schema: dict[str, Any], path: str = "") -> Iterator[str]:
    """Every setting's path, that of an environment without its name."""
    if "$ref" in schema:
        schema = SCHEMA["$defs"][schema["$ref"].rpartition("/")[2]]
    for key, value in schema.get("properties", {}).items():
        yield f"{path}{key}"
        yield from settings(value.get("items", value), f"{path}{key}.")
    for choice in schema.get("anyOf", ()):
        yield from settings(choice, path)


def test_every_setting_that_is_named_exists() -> None:
    named_ones = {name for text in SETTINGS.values() for name in text.split(" and ")}

    assert named_ones - set(settings(SCHEMA)) == set()


@pytest.mark.parametrize(("kind", "argument"), [*SETTINGS, *NOTES])
def test_every_argument_that_is_named_is_set_by_a_stack(kind: str, argument: str) -> None:
    assert any(
        argument in resource.attributes
        for variant in variants()
        for resource in synthesised(variant).resources(kind)
    )
