"""`slipway rehearse`, as it is typed, on this repository: the whole release, and what happens if it is wrong.

Runs on a copy of the checkout. Where little time is to be spent the copy's target group drains faster; the
rehearsal uses the stack's value.
"""

import json
import re
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from local.emulator.environment import environment
from local.rehearsal.machines.docker_engine import require_possible
from local.rehearsal.machines.programs import require
from local.rehearsal.testbed import PROGRAMS
from slipway.console.errors import SlipwayError
from tests.integration.pipelines import PATIENT, REGION, ROOT, Project, heard, interrupt, processes_of
from tests.security.recorded import hold_against

pytestmark = [pytest.mark.integration, pytest.mark.rehearsal, pytest.mark.timeout(1800)]

NOT_COPIED = (
    ".git",
    ".venv*",
    "node_modules",
    ".slipway",
    "cdktf.out",
    "__pycache__",
    ".*_cache",
    "*.egg-info",
)
NOBODY = environment(
    "http://127.0.0.1:1", REGION
)  # whoever asks this AWS instead of the rehearsal's own fails
ENOUGH = 2000


class Checkout(Project):
    """A copy of this repository, whose scripts and constructs a test may change."""

    def change(self, file: str, old: str, new: str) -> None:
        """Replaces words that have to be there."""
        path = self.root / file
        text = path.read_text()
        assert old in text, f"{file} does not say {old} any more"
        path.write_text(text.replace(old, new))

    @property
    def result(self) -> dict[str, Any]:
        document: dict[str, Any] = json.loads(
            (self.root / ".slipway" / "rehearsal" / "rehearsal.json").read_text()
        )
        return document


def orphans() -> list[str]:
    """The process ids in the names of bridges, and of rules for them, whose rehearsal is over."""
    links = subprocess.run(["ip", "-brief", "link"], capture_output=True, text=True, check=True).stdout
    rules = subprocess.run(["iptables-save"], capture_output=True, text=True, check=True).stdout
    named = re.findall(r"\bslw([0-9a-f]+)\.\w+", links + rules)
    return [process for process in named if not Path(f"/proc/{int(process, 16)}").exists()]


@pytest.fixture
def temporary() -> Iterator[Path]:
    """Where a rehearsal's state lies, and nobody else's; a short path, for there are sockets in it."""
    directory = Path(tempfile.mkdtemp(prefix="t-", dir="/tmp"))
    yield directory
    mounts = Path("/proc/self/mounts").read_text()
    assert [path for path in directory.iterdir() if path.name.startswith("slipway-")] == []
    assert str(directory) not in mounts
    assert processes_of(directory) == []
    shutil.rmtree(directory)


@pytest.fixture
def checkout(tmp_path: Path, temporary: Path, terraform: str) -> Iterator[Checkout]:
    try:
        require(PROGRAMS)
        require_possible()
    except SlipwayError as error:
        pytest.skip(str(error))
    before = orphans()
    root = tmp_path / "checkout"
    shutil.copytree(ROOT, root, ignore=shutil.ignore_patterns(*NOT_COPIED))
    yield Checkout(root, {**NOBODY, "TMPDIR": str(temporary)})
    assert processes_of(root) == []
    assert [name for name in orphans() if name not in before] == []


@pytest.fixture
def quick(checkout: Checkout) -> Checkout:
    for file in ("target_group", "load_balancer"):
        checkout.change(f"constructs_lib/{file}.py", "delay_seconds: int = 30", "delay_seconds: int = 2")
    return checkout


def test_a_release_a_broken_one_and_the_ways_back_go_as_they_have_to(checkout: Checkout) -> None:
    command = """command = ["python", "-c", "import app.config"]"""
    checkout.change("pipeline.toml", "[alerts]", f"[release]\n{command}\n\n[alerts]")
    checkout.change("pipeline.toml", 'name = "staging"', 'name = "staging"\nendpoints = true')
    done = checkout.run("rehearse")
    assert done.returncode == 0, done.stderr
    result = checkout.result
    steps = {step["title"]: step for step in result["steps"]}
    assert result["passed"]
    for title in (
        *("good release", "broken release", "a hook that times out", "rollback by hand"),
        *("a host comes, one goes", "all hosts renewed", "first boot that fails"),
    ):
        assert steps[title]["requests"] >= ENOUGH
        assert steps[title]["failed_requests"] == 0
    assert [deployment["status"] for deployment in steps["broken release"]["deployments"]] == [
        "Failed",
        "Succeeded",
    ]
    time_up = [each for each in steps["a hook that times out"]["deployments"] if not each["rollback_of"]]
    assert [(each["agent"], each["status"]) for each in time_up] == [(1, "Failed"), (2, "Failed")]
    for agent, most in ((1, 20), (2, 3 + 5 + 2)):
        assert 3 <= result["times"][f"agent_{agent}_ended_hook_seconds"] < most
    assert steps["release command"]["deployments"] == []
    scaled, renewed = steps["a host comes, one goes"], steps["all hosts renewed"]
    assert [len(deployment["hosts"]) for deployment in scaled["deployments"]] == [2, 1, 1]
    assert [len(deployment["hosts"]) for deployment in renewed["deployments"]] == [1, 1]
    assert steps["first boot that fails"]["deployments"] == []
    closed = [check["holds"] for check in steps["first release"]["checks"] if "no way out" in check["what"]]
    assert closed == [True, True]  # each host, and its container
    watched = steps["release that answers 5xx"]
    assert [deployment["status"] for deployment in watched["deployments"]] == ["Stopped", "Succeeded"]
    assert result["failed_requests"] == watched["failed_requests"] > 0
    assert all(step["checks"] for step in steps.values())
    page = (checkout.root / ".slipway" / "rehearsal" / "rehearsal.html").read_text()
    assert "passed" in page
    assert "src=" not in page
    (typed,) = steps["rollback by hand"]["deployments"]
    assert result["names"][typed["commit"]] == "commit 1"
    assert result["times"]["rollback_seconds_without_draining"] < result["times"]["rollback_seconds"]
    hold_against(checkout.root / ".slipway" / "rehearsal" / "aws" / "calls.jsonl")


def test_a_host_script_that_pulls_latest_in_place_of_the_digest_is_found_out(quick: Checkout) -> None:
    quick.change("scripts/start_server.sh", '"${IMAGE}"', '"${REPOSITORY_URI}:latest"')
    failed = quick.run("rehearse")
    assert failed.returncode == 1
    assert "error: the rehearsal failed" in failed.stderr
    assert "runs the image of" in failed.stderr
    assert "Traceback" not in failed.stderr
    assert not quick.result["passed"]


MOMENTS: dict[str, Callable[[str], bool]] = {
    "the engines have just started": lambda line: "my-app-foundation" in line,
    "an image is being built": lambda line: "my-app-foundation" in line and "lifecycle" in line,
    "a release is under way, and asked": lambda line: "good release" in line and "ApplicationStart" in line,
}


@pytest.mark.parametrize("moment", MOMENTS)
def test_interrupted_it_leaves_nothing_behind(quick: Checkout, moment: str) -> None:
    process = quick.start("rehearse")
    assert process.stderr is not None
    next(line for line in process.stderr if MOMENTS[moment](line))
    process.send_signal(signal.SIGINT)
    _, error = process.communicate(timeout=PATIENT)
    assert process.returncode == 130, error
    assert "Traceback" not in error


def test_what_a_killed_one_leaves_the_next_removes(quick: Checkout, temporary: Path) -> None:
    killed = quick.start("rehearse")
    heard(killed, "my-app-foundation")
    killed.kill()
    killed.communicate(timeout=PATIENT)
    (left,) = [path.parent for path in temporary.glob("*/in-use")]
    following = quick.start("rehearse")
    heard(following, f"removed what a rehearsal that was killed had left: {left}")
    _, error = interrupt(following)
    assert following.returncode == 130, error
