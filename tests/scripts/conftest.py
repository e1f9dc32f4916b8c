"""Hosts for the tests of the host scripts: an empty one, and one that commit one was deployed to."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.scripts.host import Host


@pytest.fixture
def new_host(tmp_path: Path) -> Iterator[Host]:
    """Nothing was deployed to it yet; commits one and two are built."""
    host = Host(tmp_path / "host")
    host.build("one")
    host.build("two")
    yield host
    host.close()


@pytest.fixture(scope="session")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Host]:
    host = Host(tmp_path_factory.mktemp("deployed") / "host")
    host.build("one")
    host.build("two")
    host.deploy("one")
    host.actions()
    yield host
    host.close()


@pytest.fixture
def host(deployed: Host, tmp_path: Path) -> Iterator[Host]:
    """Commit one was deployed to it, and is healthy."""
    copy = deployed.copy(tmp_path / "host")
    yield copy
    copy.close()
