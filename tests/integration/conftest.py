"""What integration tests share: an emulated AWS for each module, a pipeline for a run, who works on which."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.emulator.process import Emulator, running
from tests.integration.applied_pipeline import AppliedPipeline, applied
from tests.integration.order import ByGroup, key
from tests.integration.pipelines import ACCOUNT, REGION

# Terraform and its provider live for seconds, a quarter of which they collect garbage, unless told otherwise.
# It costs some 40 MB for each process.
os.environ.setdefault("GOGC", "400")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> ByGroup | None:
    """With ``--dist loadscope``, by our own groups."""
    return ByGroup(config, log) if config.getoption("dist") == "loadscope" else None


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest begins first; what changes others' surroundings comes after them."""
    items.sort(key=key)


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
