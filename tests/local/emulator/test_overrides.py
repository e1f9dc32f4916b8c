"""Override files: Terraform's settings for the emulated AWS, beside the stacks and not in them."""

import json
from pathlib import Path
from typing import Any

import pytest

from local.emulator import overrides

STACK: dict[str, Any] = {
    "provider": {"aws": [{"region": "eu-central-1", "default_tags": [{"tags": {"a": "b"}}]}]},
    "terraform": {"backend": {"s3": {"bucket": "state", "key": "my-app.tfstate", "use_lockfile": True}}},
}


@pytest.fixture
def synthesised(tmp_path: Path) -> Path:
    """A synthesised directory of two stacks."""
    output = tmp_path / "cdktf.out"
    for name in ("one", "two"):
        stack = output / "stacks" / name
        stack.mkdir(parents=True)
        (stack / "cdk.tf.json").write_text(json.dumps(STACK))
    return output


def test_the_provider_is_told_what_the_emulator_needs_and_nothing_else() -> None:
    (provider,) = overrides.render(STACK)["provider"]["aws"]
    assert provider == overrides.PROVIDER


def test_providers_are_told_apart_by_their_aliases() -> None:
    stack = {"provider": {"aws": [{"region": "eu-central-1"}, {"alias": "global", "region": "us-east-1"}]}}
    assert overrides.render(stack)["provider"]["aws"] == [
        overrides.PROVIDER,
        {"alias": "global", **overrides.PROVIDER},
    ]


def test_a_stack_that_has_no_provider_of_aws_is_given_none() -> None:
    assert "provider" not in overrides.render({"terraform": STACK["terraform"]})


def test_a_backend_keeps_its_settings_because_terraform_replaces_it_as_a_whole() -> None:
    backend = overrides.render(STACK)["terraform"]["backend"]["s3"]
    assert backend == {**STACK["terraform"]["backend"]["s3"], **overrides.BACKEND}


def test_a_stack_without_a_backend_gets_none() -> None:
    assert "terraform" not in overrides.render({"provider": STACK["provider"]})


def test_every_stack_gets_its_override(synthesised: Path) -> None:
    stacks = overrides.write(synthesised)
    assert [stack.name for stack in stacks] == ["one", "two"]
    for stack in stacks:
        assert json.loads((stack / overrides.FILE_NAME).read_text()) == overrides.render(STACK)
