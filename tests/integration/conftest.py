"""What integration tests share: an emulated AWS for each module, a pipeline for a run, who works on which."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.emulator.process import Emulator, running
from tests.integration.applied_pipeline import AppliedPipeline, applied
from tests.integration.pipelines import ACCOUNT, REGION

# Terraform and its provider live for seconds, a quarter of which they collect garbage, unless told otherwise.
# It costs some 40 MB for each process.
os.environ.setdefault("GOGC", "400")


STAGES = ("applied_pipeline", "released_pipeline", "destroyed_pipeline")
"""Fixtures, each of which changes what the one before it made: whoever asks for a later one runs later."""

LONGEST_FIRST = (
    "applied pipeline",
    "test_rehearsal_faults",
    "the whole release",
    "an interrupted release",
    "test_cdktf",
    "test_without_tooling",
    "test_other_jsii",
    "test_plans",
    "test_emulator",
    "test_destroy",
)
"""Groups of tests that take minutes: begun late, one would be what everybody waits for."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The tests of a file go to one worker, as they share fixtures, unless they say that they do not."""
    for item in items:
        if item.get_closest_marker("xdist_group") is None:
            item.add_marker(pytest.mark.xdist_group(item.path.stem))
    items.sort(key=lambda item: (_rank(item), _stage(item), item.path))


def _rank(item: pytest.Item) -> int:
    marker = item.get_closest_marker("xdist_group")
    assert marker is not None
    group = marker.args[0]
    return LONGEST_FIRST.index(group) if group in LONGEST_FIRST else len(LONGEST_FIRST)


def _stage(item: pytest.Item) -> int:
    needed = getattr(item, "fixturenames", ())
    return max((number for number, name in enumerate(STAGES, start=1) if name in needed), default=0)


@pytest.fixture(scope="session")
def applied_pipeline(tmp_path_factory: pytest.TempPathFactory, terraform: str) -> Iterator[AppliedPipeline]:
    """The committed pipeline, applied: for tests that change nothing which others look at."""
    with applied(tmp_path_factory.mktemp("applied")) as pipeline:
        yield pipeline


@pytest.fixture(scope="session")
def terraform() -> str:
    """The real Terraform."""
    program = shutil.which("terraform")
    if program is None:
        pytest.skip("there is no terraform on the PATH: make setup brings it")
    return program


@pytest.fixture(scope="module")
def emulated() -> Iterator[Emulator]:
    """An emulated AWS, with an empty account at the module's beginning."""
    with running(account=ACCOUNT, region=REGION) as emulator:
        yield emulator


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A directory for a project."""
    directory = tmp_path / "project"
    directory.mkdir()
    return directory
