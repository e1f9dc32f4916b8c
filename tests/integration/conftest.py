"""What integration tests share: an emulated AWS for each module, and whether this machine can run them."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.emulator.process import Emulator, running
from tests.integration.pipelines import ACCOUNT, REGION


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
