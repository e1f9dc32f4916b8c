"""An account in the test's own process, and a service in it, for each test."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from slipway.aws.clients import Aws
from slipway.checkout import project
from slipway.releases import watch
from slipway.releases.watch import Follower
from tests.slipway.accounts import emptied
from tests.slipway.releases.world import World


@pytest.fixture
def aws() -> Iterator[Aws]:
    """Clients of an empty account, in the test's own process."""
    with emptied() as clients:
        yield clients


@pytest.fixture
def world(aws: Aws, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """A service; commands run where its settings are, with these clients, and nobody sleeps."""
    made = World("my-app", aws)
    made.make()
    made.project(tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(project, "Aws", lambda _region: aws)
    monkeypatch.setattr(watch, "Follower", partial(Follower, sleep=made.go_on))
    return made
