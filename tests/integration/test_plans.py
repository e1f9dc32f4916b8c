"""The real provider plans every stack, for every way that a pipeline can be."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from constructs_lib.stack import App

import pytest

from local.emulator.process import Emulator, running
from tests.integration.planning import Plan, Stack, distinct, plan_all, prepare
from tests.readme import build_with_own_resources
from tests.settings import ACCOUNT, CERTIFICATE_ARN, CONNECTION_ARN, REGION, demo, variants
from tests.synthesis import read, synthesised

pytestmark = [pytest.mark.integration, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def emulated(terraform: str) -> Iterator[Emulator]:
    """An account with what every way of a pipeline takes for granted."""
    with running(account=ACCOUNT, region=REGION, existing=[CERTIFICATE_ARN, CONNECTION_ARN]) as emulator:
        prepare(variants(), emulator)
        yield emulator


def asked_for(stack: Stack) -> set[str]:
    """The addresses of a stack's resources."""
    return {f"{kind}.{name}" for kind, named in stack["resource"].items() for name in named}


def created(plan: Plan) -> set[str]:
    """The addresses of what a plan makes."""
    return {
        resource_change["address"]
        for resource_change in plan["resource_changes"]
        if resource_change["change"]["actions"] == ["create"]
    }


def assert_planned(plans: Mapping[str, Plan], stacks: Mapping[str, Stack]) -> None:
    assert stacks
    assert {name: created(plan) for name, plan in plans.items()} == {
        name: asked_for(stack) for name, stack in stacks.items()
    }


def test_each_committed_stack_and_a_teams_own_queue_are_valid_and_can_be_planned(
    emulated: Emulator, tmp_path: Path
) -> None:
    """The queue is the one that the README adds."""
    app = App(outdir=str(tmp_path / "own"))
    build_with_own_resources(app, demo())
    app.synth()
    own = read(demo(), tmp_path / "own").stacks["my-app-staging"]
    stacks = {**synthesised("demo").stacks, "own-staging": own}
    assert_planned(plan_all(tmp_path / "stacks", emulated, stacks), stacks)


@pytest.mark.slow
def test_each_way_a_pipeline_can_be_is_valid_and_can_be_planned(emulated: Emulator, tmp_path: Path) -> None:
    stacks = distinct(
        (f"{variant}_{name}", stack)
        for variant in sorted(set(variants()) - {"demo"})
        for name, stack in synthesised(variant).stacks.items()
    )
    assert_planned(plan_all(tmp_path / "stacks", emulated, stacks), stacks)
