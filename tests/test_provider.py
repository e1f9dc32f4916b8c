"""The AWS provider: pinned in one place, and what the next major version takes of all that is synthesised.

Provider 6 itself is not run here: its names, types, and what it requires are held by the description of the
bindings that were made from it (engines/provider-6.json, written by make engines/provider).
"""

import json
import subprocess
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import provider_arguments
import pytest

from modules.config import provider
from modules.config.load import SettingsError, settle
from slipway.console import cdk
from tests.settings import minimal, variants
from tests.synthesis import synthesise, synthesised

ROOT = Path(__file__).parents[1]
OF_TERRAFORM = {"//", "count", "depends_on", "for_each", "lifecycle", "provider", "provisioner", "connection"}
GLOBAL = ("aws_iam_", "aws_route53_")
SIX = "6.69.1"


@cache
def extract() -> Mapping[str, Any]:
    found: Mapping[str, Any] = json.loads(provider_arguments.EXTRACT.read_text())
    return found


def wrong(where: str, body: Mapping[str, Any], known: Mapping[str, Any]) -> Iterator[str]:
    """What provider 6 would not take of a resource or a block."""
    required = {name for name in known if not name.endswith("?")}
    yield from (f"{where}: {name} is required" for name in sorted(required - body.keys()))
    for name, value in body.items():
        wanted = known.get(name, known.get(f"{name}?"))
        if wanted is None:
            yield f"{where}: it does not have {name}"
        elif isinstance(wanted, str):
            if not fits(value, wanted):
                yield f"{where}: {name} is not a {wanted}: {value!r}"
        else:
            for each in value if isinstance(value, list) else [value]:
                yield from wrong(f"{where}.{name}", each, wanted)


def fits(value: object, wanted: str) -> bool:
    """Whether a value is of one of Terraform's types; an expression may be of any."""
    if isinstance(value, str) and "${" in value:
        return True
    outer, _, inner = wanted.rstrip(")").partition("(")
    if outer == "array":
        return isinstance(value, list) and all(fits(each, inner) for each in value)
    if outer == "map":
        return isinstance(value, dict) and all(fits(each, inner) for each in value.values())
    of: dict[str, type | tuple[type, ...]] = {"string": str, "bool": bool, "number": (int, float)}
    return isinstance(value, of[outer]) and not (outer == "number" and isinstance(value, bool))


def problems(stacks: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """What provider 6 would not take of these stacks."""
    found: list[str] = []
    for name, stack in stacks.items():
        for each in stack["provider"]["aws"]:
            found += wrong(f"{name}: provider", each, extract()["provider"]["aws"])
        for block in ("resource", "data"):
            for kind, named in stack.get(block, {}).items():
                known = extract()[block].get(kind)
                if known is None:
                    found.append(f"{kind} is not in the extract: run make engines/provider")
                    continue
                for id_, body in named.items():
                    own = {key: value for key, value in body.items() if key not in OF_TERRAFORM}
                    found += wrong(f"{name}: {kind}.{id_}", own, known)
    return found


@pytest.mark.parametrize("variant", variants())
def test_provider_6_takes_every_argument_of_every_resource(variant: str) -> None:
    assert problems(synthesised(variant).stacks) == []


def test_what_provider_6_does_not_take_is_found() -> None:
    queue = {"repository_url": "x", "name": 5, "image_scanning_configuration": {"scan": True}}
    stack = {"provider": {"aws": [{"regoin": "x"}]}, "resource": {"aws_ecr_repository": {"a": queue}}}
    assert problems({"s": stack}) == [
        "s: provider: it does not have regoin",
        "s: aws_ecr_repository.a: it does not have repository_url",
        "s: aws_ecr_repository.a: name is not a string: 5",
        "s: aws_ecr_repository.a.image_scanning_configuration: scan_on_push is required",
        "s: aws_ecr_repository.a.image_scanning_configuration: it does not have scan",
    ]
    unknown = {"provider": {"aws": []}, "resource": {"aws_new_thing": {"a": {}}}}
    assert "make engines/provider" in problems({"s": unknown})[0]


def test_the_extract_has_every_type_that_constructs_import_and_is_current() -> None:
    """Its text is compared where the bindings are that it comes from: make engines runs this there."""
    imported = {provider_arguments.kind_and_name(each) for each in provider_arguments.used()}
    there = {(block, kind) for block in ("data", "provider", "resource") for kind in extract()[block]}
    assert there == imported, "run make engines/provider"
    assert extract()["version"] == SIX
    if cdk.own_engine() == "cdktn":
        assert provider_arguments.text() == provider_arguments.EXTRACT.read_text()


def test_what_has_a_region_may_be_told_it() -> None:
    without = {kind for kind, known in extract()["resource"].items() if "region?" not in known}
    assert {kind for kind in without if not kind.startswith(GLOBAL)} == set()


@pytest.mark.parametrize(
    "said", [">= 5", "~> 5.100", "6.x", "latest", "", "4.67.0", "5", "v5.100.0", "5.1.0 "]
)
def test_what_is_not_one_version_is_a_mistake_in_the_settings(
    monkeypatch: pytest.MonkeyPatch, said: str
) -> None:
    monkeypatch.setattr(provider, "VERSION", said)
    with pytest.raises(SettingsError) as refused:
        settle(minimal().model_dump(exclude_unset=True))
    assert str(refused.value).splitlines()[1:] == [
        (
            f'  modules/config/provider.py has VERSION = "{said}":'
            " one version of AWS provider 5 or later is expected, such as 5.100.0"
        )
    ]


@pytest.mark.parametrize("said", ["5.100.0", "6.69.1", "7.0.0-beta1", "10.0.0"])
def test_one_version_is_accepted(monkeypatch: pytest.MonkeyPatch, said: str) -> None:
    monkeypatch.setattr(provider, "VERSION", said)
    settle(minimal().model_dump(exclude_unset=True))
    assert provider.at_least(int(said.partition(".")[0]))
    assert not provider.at_least(11)


def test_the_version_stands_in_one_place_and_in_every_stack(monkeypatch: pytest.MonkeyPatch) -> None:
    listed = subprocess.check_output(["git", "ls-files", "*.py"], cwd=ROOT, text=True).splitlines()
    product = [each for each in listed if not each.startswith("tests/")]
    assert [each for each in product if f'"{provider.VERSION}"' in (ROOT / each).read_text()] == [
        "modules/config/provider.py"
    ]

    monkeypatch.setattr(provider, "VERSION", SIX)
    for name, stack in synthesise(minimal()).stacks.items():
        required = stack["terraform"]["required_providers"]
        assert required == {"aws": {"source": "hashicorp/aws", "version": SIX}}, name


# what changes with it


def actions(stack: Mapping[str, Any]) -> set[str]:
    """Every action that a policy in a stack names."""
    policies = [
        each["policy"]
        for kind, named in stack["resource"].items()
        if "iam" in kind
        for each in named.values()
        if "policy" in each
    ]
    statements = [
        each for policy in policies if '"Statement"' in policy for each in json.loads(policy)["Statement"]
    ]
    return {
        action
        for statement in statements
        for action in ([statement["Action"]] if isinstance(statement["Action"], str) else statement["Action"])
    }


def test_roles_may_read_and_change_buckets_tags_as_provider_6_does(monkeypatch: pytest.MonkeyPatch) -> None:
    used_by_6 = {"s3:ListTagsForResource", "s3:TagResource", "s3:UntagResource"}
    access = "my-app-access"
    assert not actions(synthesised("everything").stacks[access]) & used_by_6

    monkeypatch.setattr(provider, "VERSION", SIX)
    assert used_by_6 <= actions(synthesise(variants()["everything"]).stacks[access])


def test_only_latest_may_move_where_the_settings_say_so_and_the_provider_knows_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with pytest.raises(SettingsError, match=r"registry\.immutable_tags.*needs AWS provider 6"):
        minimal(registry={"immutable_tags": True})

    monkeypatch.setattr(provider, "VERSION", SIX)
    stacks = synthesise(minimal(registry={"immutable_tags": True})).stacks
    assert problems(stacks) == []
    repositories = {
        each["name"]: each for each in stacks["my-app-foundation"]["resource"]["aws_ecr_repository"].values()
    }
    assert repositories["my-app"]["image_tag_mutability"] == "IMMUTABLE_WITH_EXCLUSION"
    assert repositories["my-app"]["image_tag_mutability_exclusion_filter"] == [
        {"filter": "latest", "filter_type": "WILDCARD"}
    ]
    assert repositories["my-app-cache"]["image_tag_mutability"] == "MUTABLE"
