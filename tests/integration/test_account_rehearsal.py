"""``slipway rehearse --account`` against the strict emulator: whole, interrupted once, and nothing left.

What a person, CodeBuild, CodePipeline and the hosts do is played by local.player, beside it.
"""

import shutil
import signal
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from local.emulator import environment
from local.emulator.process import running
from local.player.player import Player
from slipway.account_rehearsal import record, steps
from slipway.aws.clients import Aws
from slipway.cli.account_rehearsal import NAME
from tests.integration.applied_pipeline import SOURCES
from tests.integration.pipelines import ACCOUNT, REGION, ROOT, Project
from tests.integration.test_whole_pipeline import left_over

pytestmark = [pytest.mark.integration, pytest.mark.slow, pytest.mark.timeout(1200)]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """A copy of the checkout that git knows, an emulated AWS with nothing in it, and who plays there."""
    root = tmp_path_factory.mktemp("checkout")
    for name in (*SOURCES, "app"):
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, root / name)
    for command in (("init", "-q"), ("add", ".")):
        subprocess.run(["git", "-C", str(root), *command], check=True)
    with running(account=ACCOUNT, region=REGION) as aws:
        known = environment.environment(aws.endpoint, REGION)
        with playing(Aws(REGION, known), aws.endpoint):
            yield Project(root, known)


@contextmanager
def playing(aws: Aws, endpoint: str) -> Iterator[None]:
    """Somebody plays meanwhile."""
    over = threading.Event()
    player = Player(aws, endpoint, lambda _line: None)
    thread = threading.Thread(target=player.play, args=(lambda: not over.is_set(),))
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def interrupted(project: Project, when: str) -> tuple[int, str]:
    """A rehearsal that is interrupted once it says something; its exit code and its words."""
    process = project.start("rehearse", "--account", "--yes")
    assert process.stderr
    words = ""
    for line in process.stderr:
        words += line
        if when in line:
            process.send_signal(signal.SIGINT)
            break
    _, rest = process.communicate()
    return process.returncode, words + rest


def test_a_rehearsal_goes_on_where_it_was_interrupted_and_leaves_nothing(project: Project) -> None:
    code, words = interrupted(project, "uploaded; waiting for the pipeline")
    assert code == 130, words
    assert "--destroy" in words
    assert left_over(project)

    done = project.run("rehearse", "--account", "--yes", "--json")
    assert done.returncode == 0, done.stderr
    kept = record.AccountRehearsal.model_validate_json(done.stdout)
    assert kept == record.read(project.root / ".slipway" / NAME)
    assert (kept.passed, kept.destroyed, kept.emulated) == (True, True, True)
    assert left_over(project) == {}

    taken = [(each.name, each.state) for each in kept.steps]
    assert ("first release", "interrupted") in taken
    assert taken.count(("state bucket", "done")) == taken.count(("state bucket", "found")) == 1
    assert taken.count(("a host replaced", "done")) == 1
    assert {name for name, _ in taken} == {each.name for each in steps.STEPS} | {"destroy"}
    assert "failed" not in {state for _, state in taken}
    assert ACCOUNT not in done.stdout
    assert "team@example.com" not in done.stdout
    assert any(each.operation == "HeadBucket" for each in kept.refused)
