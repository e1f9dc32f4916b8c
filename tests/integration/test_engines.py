"""Either engine synthesises the same, for every way that a pipeline can be."""

from copy import deepcopy
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

from slipway.console import cdk
from tests.integration import other_engine
from tests.settings import variants
from tests.synthesis import synthesised

pytestmark = [pytest.mark.integration, pytest.mark.slow, pytest.mark.timeout(600)]


def without_version(stack: Any) -> tuple[str, Any]:  # noqa: ANN401 - JSON
    """The engine's version, and the rest of a stack."""
    rest = deepcopy(dict(stack))
    found: str = rest["//"]["metadata"].pop("version")
    return found, rest


def test_the_engines_stacks_differ_in_the_engines_version_and_in_nothing_else(tmp_path: Path) -> None:
    other_engine.require()
    theirs = other_engine.every_variant(tmp_path)

    assert theirs.keys() == variants().keys()
    resources = 0
    for variant, stacks in theirs.items():
        own = synthesised(variant).stacks
        assert stacks.keys() == own.keys()
        for name, stack in stacks.items():
            (other_version, other), (own_version, ours) = without_version(stack), without_version(own[name])
            assert other == ours, f"{variant}: {name}"
            assert own_version == version(cdk.own_engine()) != other_version
            resources += sum(map(len, stack["resource"].values()))
    assert resources > 3000
