"""``slipway rehearse --account`` against the strict emulator and this machine's hosts, interrupted once.

What a person, CodeBuild, CodePipeline and the hosts do is played by local.player, in a process beside it.
"""

import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from local.emulator import environment
from local.emulator.process import running
from local.rehearsal.machines.docker_engine import require_possible
from local.rehearsal.machines.programs import require
from local.rehearsal.testbed import PROGRAMS
from slipway.account_rehearsal import record, steps
from slipway.account_rehearsal.archive import RELEASES
from slipway.account_rehearsal.settings import DIRECTORY
from slipway.console.errors import SlipwayError
from tests.integration.applied_pipeline import SOURCES
from tests.integration.pipelines import ACCOUNT, PATIENT, REGION, ROOT, Project, processes_of
from tests.integration.test_whole_pipeline import left_over
from tests.patches import patched

pytestmark = [pytest.mark.integration, pytest.mark.rehearsal, pytest.mark.timeout(1800)]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """A copy of the checkout that git knows, an emulated AWS with nothing in it, and who plays there."""
    try:
        require(PROGRAMS)
        require_possible()
    except SlipwayError as error:
        pytest.skip(str(error))
    root = tmp_path_factory.mktemp("checkout")
    for name in (*SOURCES, "app", "pipeline.schema.json"):
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, root / name)
    for name in ("target_group", "load_balancer"):  # hosts drain for two seconds
        file = root / "constructs_lib" / f"{name}.py"
        file.write_text(patched(file.read_text(), "delay_seconds: int = 30", "delay_seconds: int = 2"))
    for command in (("init", "-q"), ("add", ".")):
        subprocess.run(["git", "-C", str(root), *command], check=True)
    with running(account=ACCOUNT, region=REGION) as aws:
        project = Project(root, environment.environment(aws.endpoint, REGION))
        with playing(project, tmp_path_factory.mktemp("player") / "log"):
            yield project


@contextmanager
def playing(project: Project, log: Path) -> Iterator[None]:
    """The player, as docs/rehearsal.md says to start it; interrupted, it leaves nothing behind."""
    code = {"PYTHONPATH": f"{project.code}:{project.code / 'scripts'}"}
    with log.open("w") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "local.player"],
            cwd=project.root,
            env={**project.environment, **code},
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
        try:
            yield
        finally:
            process.send_signal(signal.SIGINT)
            ended = process.wait(PATIENT)
    said = log.read_text()
    assert ended == 0, said
    assert said.count(" succeeded\n") == len(RELEASES), said
    assert "host-1: ValidateService" in said
    assert "deploys to new hosts: i-" in said  # the host that came in another's place
    assert "Traceback" not in said
    assert processes_of(project.root) == []


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
    assert kept == record.read(project.root / ".slipway" / DIRECTORY)
    assert (kept.passed, kept.destroyed, kept.emulated) == (True, True, True)
    assert left_over(project) == {}

    taken = [(step.name, step.state) for step in kept.steps]
    assert ("first release", "interrupted") in taken
    assert taken.count(("state bucket", "done")) == taken.count(("state bucket", "found")) == 1
    assert taken.count(("a host replaced", "done")) == 1
    assert {name for name, _ in taken} == {step.name for step in steps.STEPS} | {"destroy"}
    assert "failed" not in {state for _, state in taken}
    assert ACCOUNT not in done.stdout
    assert "team@example.com" not in done.stdout
    assert any(each.operation == "HeadBucket" for each in kept.refused)
