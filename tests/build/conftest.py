"""Worlds in which a build has come so far, copied for each test."""

from pathlib import Path

import pytest

from tests.build.world import World, copied, create


@pytest.fixture(scope="session")
def once_installed(tmp_path_factory: pytest.TempPathFactory) -> World:
    world = create(tmp_path_factory.mktemp("installed"))
    world.steps("install")
    return world


@pytest.fixture(scope="session")
def once_built(once_installed: World, tmp_path_factory: pytest.TempPathFactory) -> World:
    world = copied(once_installed, tmp_path_factory.mktemp("built"))
    world.steps("build")
    return world


@pytest.fixture(scope="session")
def once_pushed(once_built: World, tmp_path_factory: pytest.TempPathFactory) -> World:
    world = copied(once_built, tmp_path_factory.mktemp("pushed"))
    world.steps("push")
    return world


@pytest.fixture(scope="session")
def once_listed(once_pushed: World, tmp_path_factory: pytest.TempPathFactory) -> World:
    world = copied(once_pushed, tmp_path_factory.mktemp("listed"))
    world.steps("sbom")
    return world


@pytest.fixture
def world(tmp_path: Path) -> World:
    return create(tmp_path)


@pytest.fixture
def installed(once_installed: World, tmp_path: Path) -> World:
    """A build's first step is done."""
    return copied(once_installed, tmp_path)


@pytest.fixture
def built(once_built: World, tmp_path: Path) -> World:
    """The image is built, but nowhere else yet."""
    return copied(once_built, tmp_path)


@pytest.fixture
def pushed(once_pushed: World, tmp_path: Path) -> World:
    """The commit's tag is in the registry."""
    return copied(once_pushed, tmp_path)


@pytest.fixture
def listed(once_listed: World, tmp_path: Path) -> World:
    """It is known what is in the image."""
    return copied(once_listed, tmp_path)
