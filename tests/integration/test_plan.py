"""`slipway plan`, as it is typed, on stacks that take seconds: reviewed, and no plan file is left."""

import json
from pathlib import Path

import pytest

from local.emulator.process import Emulator
from tests.integration.pipelines import (
    FOUNDATION,
    STAGING,
    Project,
    Resources,
    apply,
    heard,
    impossible,
    interrupt,
    processes_of,
    small,
)

pytestmark = pytest.mark.integration

NOTHING, FAILED, CHANGES, BLOCKED = 0, 1, 2, 3
SECRET = "hunter2-Zq9-nobody-knows"
PARAMETER: Resources = {
    "aws_ssm_parameter": {"password": {"name": "/password", "type": "SecureString", "value": SECRET}}
}
PLAIN: Resources = {"terraform_data": {"plain": {"input": "1"}}}


@pytest.fixture
def project(root: Path, terraform: str, emulated: Emulator) -> Project:
    """Two stacks, one of which needs the provider, the state bucket, nothing applied."""
    made = small(root, emulated.environment, {FOUNDATION: PLAIN, STAGING: PARAMETER})
    apply(small_empty(root, emulated), emulated)
    return made


@pytest.fixture
def plain(root: Path, terraform: str, emulated: Emulator) -> Project:
    """The same of stacks neither of which needs it, for what is the same with any resource."""
    made = small(root, emulated.environment, {FOUNDATION: PLAIN, STAGING: PLAIN})
    apply(small_empty(root, emulated), emulated)
    return made


def small_empty(root: Path, emulated: Emulator) -> Project:
    """A project without stacks: applying it makes the state bucket only."""
    empty = root.parent / "empty"
    empty.mkdir()
    return small(empty, emulated.environment, {})


def left_over(project: Project) -> list[str]:
    """Plan files, and files in which the secret stands that were not there before."""
    files = [file for file in project.root.rglob("*") if file.is_file() and "ready" not in file.parts]
    plans = [str(file) for file in files if file.suffix == ".tfplan"]
    secrets = [
        str(file) for file in files if file.name != "cdk.tf.json" and SECRET.encode() in file.read_bytes()
    ]
    return plans + secrets


def test_every_stack_is_planned_and_reviewed_and_no_plan_or_secret_is_left(project: Project) -> None:
    done = project.run("plan", "--format", "md", "--format", "html", "--format", "json", "--out", "review")
    assert done.returncode == CHANGES, done.stderr
    review = json.loads((project.root / "review" / "review.json").read_text())
    assert [stack["counts"]["added"] for stack in review["stacks"]] == [1, 1]
    assert SECRET not in done.stdout + done.stderr
    assert left_over(project) == []
    assert processes_of(project.root) == []


def test_one_stack_is_planned_if_it_is_named_and_an_unknown_one_is_exit_code_1(plain: Project) -> None:
    done = plain.run("plan", FOUNDATION, "--format", "json")
    assert done.returncode == CHANGES, done.stderr
    assert [stack["name"] for stack in json.loads(done.stdout)["stacks"]] == [FOUNDATION]
    unknown = plain.run("plan", "nothing-like-it")
    assert unknown.returncode == FAILED
    assert (
        f"error: stack 'nothing-like-it' not found\n  next: use one of: {FOUNDATION}, {STAGING}"
        in unknown.stderr
    )


def test_a_stack_that_cannot_be_planned_is_exit_code_1_and_nothing_is_approved(
    root: Path, terraform: str, emulated: Emulator
) -> None:
    broken = impossible("no good name!\n::error::pwned")
    apply(small_empty(root, emulated), emulated)
    failed = small(root, emulated.environment, {STAGING: broken}).run("plan")
    assert failed.returncode == FAILED
    assert f"error: 1 of 1 stacks failed: {STAGING}" in failed.stderr
    assert ":error::pwned" in failed.stderr
    assert failed.stdout == ""
    assert not any(line.lstrip().startswith("::") for line in failed.stderr.splitlines())


@pytest.mark.parametrize("moment", ["initialising", "planning"])
def test_interrupted_it_leaves_no_plan_file_and_nothing_running(project: Project, moment: str) -> None:
    process = project.start("plan")
    heard(process, f"{STAGING} {moment}")
    _, error = interrupt(process)
    assert process.returncode == 130, error
    assert left_over(project) == []
    assert processes_of(project.root) == []


def test_what_another_job_synthesised_is_planned_only_if_it_can_do_nothing_else(plain: Project) -> None:
    elsewhere = plain.root.parent / "elsewhere"
    (plain.root / "ready").rename(elsewhere)
    done = plain.run("plan", "--synthesised", str(elsewhere), "--format", "json")
    assert done.returncode == CHANGES, done.stderr
    file = elsewhere / "stacks" / STAGING / "cdk.tf.json"
    stack = json.loads(file.read_text())
    stack["output"] = {"x": {"value": '${file("/proc/self/environ")}'}}
    file.write_text(json.dumps(stack))
    refused = plain.run("plan", "--synthesised", str(elsewhere))
    assert refused.returncode == FAILED
    assert f"error: {STAGING} from an untrusted source is not planned" in refused.stderr
    assert "file() is not allowed, because it reads local files" in refused.stderr
