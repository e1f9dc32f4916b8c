"""An emulated AWS for these tests, and in it a service of its own for each."""

from collections.abc import Iterator
from functools import partial
from itertools import count
from pathlib import Path

import pytest

from local.emulator.environment import settings
from local.emulator.process import running
from slipway.aws.clients import Aws
from slipway.checkout import project
from slipway.releases import watch
from slipway.releases.watch import Follower
from tests.settings import ACCOUNT, REGION
from tests.slipway.releases.world import World

NUMBERS = count(1)


@pytest.fixture(scope="session")
def emulator() -> Iterator[str]:
    """The emulated AWS's endpoint."""
    with running(account=ACCOUNT, region=REGION) as emulated:
        yield emulated.endpoint


@pytest.fixture(scope="session")
def aws(emulator: str) -> Aws:
    """Its clients, which take a while to be made."""
    return Aws(REGION, settings(emulator, REGION))


@pytest.fixture
def world(emulator: str, aws: Aws, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """A service of its own; commands run where its settings are, with these clients, and nobody sleeps."""
    made = World(f"svc-{next(NUMBERS)}", emulator, aws)
    made.make()
    made.project(tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(project, "Aws", lambda _region: aws)
    monkeypatch.setattr(watch, "Follower", partial(Follower, sleep=made.go_on))
    return made
