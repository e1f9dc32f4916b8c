"""On a real terminal: what draws over itself fits, can be interrupted, and leaves the terminal as it was."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from local.emulator.environment import environment, settings
from local.emulator.process import running
from slipway.aws.clients import Aws
from tests.settings import ACCOUNT, REGION
from tests.slipway.releases.world import HOSTS, World, commit, target
from tests.slipway.terminals import terminal

INTERRUPTED = 130
OWN_SCREEN, SCREEN_BACK = "\x1b[?1049h", "\x1b[?1049l"
CURSOR_HIDDEN, CURSOR_BACK = "\x1b[?25l", "\x1b[?25h"
GREEN = "\x1b[32m"
SIZE = {"COLUMNS", "LINES", "NO_COLOR"}  # what the terminal has to say itself


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    """A service with a release in staging."""
    with running(account=ACCOUNT, region=REGION) as emulated:
        made = World("my-app", Aws(REGION, settings(emulated.endpoint, REGION)), emulated.endpoint)
        made.make()
        made.build(commit(1), commit(2))
        made.deployed("staging", commit(1))
        yield made


@pytest.fixture
def directory(world: World, tmp_path: Path) -> Path:
    """Where its settings are."""
    world.project(tmp_path)
    return tmp_path


def variables(world: World, **more: str) -> Mapping[str, str]:
    ours = {name: value for name, value in os.environ.items() if name not in SIZE}
    return {**environment(world.endpoint, REGION, ours), "TERM": "xterm-256color", **more}


def test_status_that_is_watched_has_a_screen_of_its_own_and_gives_the_terminal_back(
    world: World, directory: Path
) -> None:
    with terminal("status", "--watch", directory=directory, variables=variables(world)) as shown:
        shown.wait_for("my-app in ")
        assert OWN_SCREEN in shown.text
        assert shown.interrupt() == INTERRUPTED
        shown.wait_for("interrupted")
    assert shown.text.rindex(SCREEN_BACK) > shown.text.rindex(OWN_SCREEN)
    assert shown.text.rindex(CURSOR_BACK) > shown.text.rindex(CURSOR_HIDDEN)
    assert "Traceback" not in shown.text


def test_status_that_does_not_fit_the_screen_says_how_much_is_left_out(world: World, directory: Path) -> None:
    small = terminal(
        "status", "--watch", directory=directory, variables=variables(world), columns=60, lines=8
    )
    with small as shown:
        shown.wait_for("more lines; slipway status prints all")
        assert shown.interrupt() == INTERRUPTED


def test_a_deployment_that_is_watched_goes_on_when_watching_it_is_interrupted(
    world: World, directory: Path
) -> None:
    made = world.deployed("staging", commit(2), "InProgress")
    world.report(made, "InProgress", *(target(host) for host in HOSTS))
    with terminal("watch", made, directory=directory, variables=variables(world)) as shown:
        shown.wait_for(HOSTS[1])
        assert shown.interrupt() == INTERRUPTED
        shown.wait_for(f"the deployment {made} continues")
    assert shown.text.rindex(CURSOR_BACK) > shown.text.rindex(CURSOR_HIDDEN)
    assert "Traceback" not in shown.text
    world.report(made, "Succeeded", *(target(host, "Succeeded") for host in HOSTS))


@pytest.mark.parametrize(
    ("more", "coloured"),
    [({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)],
    ids=["wanted", "NO_COLOR", "dumb"],
)
def test_there_is_colour_on_a_terminal_unless_it_is_not_wanted(
    world: World, directory: Path, more: Mapping[str, str], coloured: bool
) -> None:
    with terminal("status", directory=directory, variables=variables(world, **more)) as shown:
        assert shown.process.wait(timeout=30) == 0
    assert "quiet" in shown.text
    assert (GREEN in shown.text) == coloured
