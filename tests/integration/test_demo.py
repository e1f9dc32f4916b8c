"""`slipway demo`, as it is typed, on stacks that take seconds: it ends by itself, and leaves nothing."""

import signal
import subprocess
from pathlib import Path

import pytest

from local.emulator.environment import environment
from tests.integration.pipelines import (
    DELIVERY,
    FOUNDATION,
    PATIENT,
    REGION,
    STAGING,
    Project,
    Resources,
    heard,
    impossible,
    lines,
    processes_of,
    small,
    waiting,
)

pytestmark = pytest.mark.integration

LOGS: Resources = {"aws_cloudwatch_log_group": {"app": {"name": "app"}}}
BROKEN = impossible("No good name.")
RESTLESS: Resources = {"terraform_data": {"clock": {"triggers_replace": "${timestamp()}"}}}
NOBODY = environment("http://127.0.0.1:1", REGION)  # whoever asks this AWS instead of the demo's own fails


@pytest.fixture
def project(root: Path, terraform: str) -> Project:
    return small(root, NOBODY, {FOUNDATION: LOGS, STAGING: waiting(0)})


def test_it_applies_plans_again_reports_and_leaves_nothing_running(project: Project) -> None:
    done = project.run("demo")
    assert done.returncode == 0, done.stderr
    report = lines(done.stdout)
    assert any(line.startswith(f"{FOUNDATION} 1 0 ") for line in report)
    assert any(line.startswith("total 2 0 ") for line in report)
    steps = lines(done.stderr)
    assert f"{STAGING} 1 added, 0 changed, 0 destroyed" in " ".join(steps)
    assert f"{STAGING} nothing to change" in " ".join(steps)
    assert processes_of(project.root) == []
    assert not (project.root / "cdktf.out").exists()


def test_a_stack_that_fails_is_told_and_what_needs_it_is_not_started(root: Path, terraform: str) -> None:
    project = small(root, NOBODY, {FOUNDATION: waiting(0), STAGING: BROKEN, DELIVERY: waiting(0)})
    failed = project.run("demo")
    assert failed.returncode == 1
    assert f"error: 1 of 3 stacks failed: {STAGING}; not started: {DELIVERY}" in failed.stderr
    assert "No good name." in failed.stderr
    assert "Traceback" not in failed.stderr
    assert processes_of(root) == []


def test_a_second_plan_that_finds_a_change_is_a_failure_that_names_it(root: Path, terraform: str) -> None:
    failed = small(root, NOBODY, {STAGING: RESTLESS}).run("demo")
    assert failed.returncode == 1
    assert "error: a second plan still has changes" in failed.stderr
    assert f"{STAGING}: terraform_data.clock: delete and create: " in failed.stderr
    assert processes_of(root) == []


@pytest.mark.parametrize(
    ("moment", "number"),
    [
        ("synthesised", signal.SIGINT),
        ("emulated AWS at", signal.SIGINT),
        ("initialising", signal.SIGINT),
        (f"{STAGING} applying: 1 resources", signal.SIGINT),
        (f"{STAGING} applying: 1 resources", signal.SIGTERM),
    ],
)
def test_interrupted_at_any_moment_it_leaves_nothing_running(
    root: Path, terraform: str, moment: str, number: signal.Signals
) -> None:
    process = small(root, NOBODY, {FOUNDATION: waiting(0), STAGING: waiting(300)}).start("demo")
    heard(process, moment)
    process.send_signal(number)
    _, error = process.communicate(timeout=PATIENT)
    assert process.returncode == 130, error
    assert "Traceback" not in error
    assert processes_of(root) == []


@pytest.mark.slow
def test_what_is_kept_stays_up_beside_another_demo_until_it_is_stopped(project: Project) -> None:
    kept = project.run("demo", "--keep")
    assert kept.returncode == 0, kept.stderr
    try:
        exports = kept.stdout[kept.stdout.index("unset ") : kept.stdout.index("# Then")]
        pasted = f"{exports}\nterraform -chdir=.slipway/demo/cdktf.out/stacks/{STAGING} plan"
        shell = subprocess.run(
            ["bash", "-ec", pasted], cwd=project.root, capture_output=True, text=True, check=False
        )
        assert shell.returncode == 0, shell.stderr
        assert "No changes." in shell.stdout
        other = project.run("demo")
        assert other.returncode == 0, other.stderr
        assert "demo-2" in other.stderr
    finally:
        stopped = project.run("demo", "--stop")
    assert stopped.stderr == "stopped: demo\n"
    assert processes_of(project.root) == []
    assert project.run("demo", "--stop").stderr == "no emulated AWS is running here\n"


def test_stacks_that_cannot_be_synthesised_are_told_by_the_end_of_the_traceback(project: Project) -> None:
    (project.root / "main.py").write_text("raise ValueError('no such zone')")
    failed = project.run("demo")
    assert failed.returncode == 1
    assert failed.stderr.startswith("error: the stacks could not be synthesised\n")
    assert "ValueError: no such zone" in failed.stderr
    assert processes_of(project.root) == []
