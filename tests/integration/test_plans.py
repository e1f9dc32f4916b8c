"""The real provider plans every stack, for every way that a pipeline can be."""

from collections.abc import Iterator
from pathlib import Path

from constructs_lib.stack import App

import pytest

from local.emulator.process import running
from tests.integration.workbench import Workbench, prepare
from tests.readme import build_with_own_resources
from tests.settings import ACCOUNT, CERTIFICATE_ARN, REGION, demo, variants
from tests.synthesis import read, synthesised

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def workbench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbench]:
    directory = tmp_path_factory.mktemp("plans") / "stack"
    with running(account=ACCOUNT, region=REGION, certificates=[CERTIFICATE_ARN]) as emulator:
        prepare(variants(), emulator)
        yield Workbench(directory, emulator)


@pytest.mark.parametrize("stack", ["foundation", "access", "staging", "prod", "delivery"])
def test_each_committed_stack_is_valid_and_can_be_planned(workbench: Workbench, stack: str) -> None:
    content = synthesised("demo").stacks[f"my-app-{stack}"]
    workbench.put(content)
    workbench.terraform("validate")
    assert workbench.plan(f"demo {stack}", content) is None


def test_a_teams_own_queue_as_the_readme_adds_it_is_valid(workbench: Workbench, tmp_path: Path) -> None:
    app = App(outdir=str(tmp_path))
    build_with_own_resources(app, demo())
    app.synth()
    workbench.put(read(demo(), tmp_path).stacks["my-app-staging"])
    workbench.terraform("validate")


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("variant", sorted(set(variants()) - {"demo"}))
def test_each_way_a_pipeline_can_be_is_valid_and_can_be_planned(workbench: Workbench, variant: str) -> None:
    for name, content in synthesised(variant).stacks.items():
        workbench.plan(f"{variant} {name}", content)
