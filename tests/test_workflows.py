"""What the workflows may do, and what their scripts do: the request's code never meets a credential."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from lint import PIP_LOCKS

WORKFLOWS = sorted((Path(__file__).parents[1] / ".github" / "workflows").glob("*.yml"))
each_workflow = pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.stem)
PINNED = re.compile(r"^\s*(?:- )?uses: [\w.-]+/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$")


def load(workflow: Path) -> Any:  # noqa: ANN401  # YAML
    return yaml.safe_load(workflow.read_text("utf-8"))


def named(name: str) -> Any:  # noqa: ANN401  # YAML
    return load(next(path for path in WORKFLOWS if path.stem == name))


def steps(workflow: Path) -> Iterator[Mapping[str, Any]]:
    for job in load(workflow)["jobs"].values():
        yield from job["steps"]


def step(name: str, job: str, title: str) -> Mapping[str, Any]:
    (found,) = (each for each in named(name)["jobs"][job]["steps"] if each.get("name") == title)
    assert isinstance(found, dict)
    return found


@each_workflow
def test_every_action_is_pinned_by_its_commit_with_its_version_beside_it(workflow: Path) -> None:
    for line in workflow.read_text("utf-8").splitlines():
        assert "uses:" not in line or PINNED.match(line), line


@each_workflow
def test_a_job_has_only_the_permissions_that_it_names(workflow: Path) -> None:
    assert load(workflow)["permissions"] == {}
    assert all("permissions" in job for job in load(workflow)["jobs"].values())


@each_workflow
def test_no_checkout_leaves_its_token_behind(workflow: Path) -> None:
    for each in steps(workflow):
        if each.get("uses", "").startswith("actions/checkout@"):
            assert each["with"]["persist-credentials"] is False


@each_workflow
def test_no_script_is_put_together_from_what_a_request_says(workflow: Path) -> None:
    assert not [each["run"] for each in steps(workflow) if "${{" in each.get("run", "")]


@each_workflow
def test_no_workflow_gives_secrets_to_requests_from_forks(workflow: Path) -> None:
    text = workflow.read_text("utf-8")
    assert "pull_request_target" not in text
    assert "secrets." not in text


def test_the_requests_code_runs_where_there_is_nothing_but_reading_the_repository() -> None:
    jobs = named("plan")["jobs"]
    assert jobs["synthesise"]["permissions"] == {"contents": "read"}
    assert "env" not in jobs["synthesise"]


def test_the_job_with_the_role_runs_the_base_branchs_tools() -> None:
    job = named("plan")["jobs"]["plan"]
    checkouts = [each for each in job["steps"] if each.get("uses", "").startswith("actions/checkout@")]
    assert [checkout["with"]["ref"] for checkout in checkouts] == [
        "${{ github.event.pull_request.base.sha }}"
    ]
    assert job["permissions"] == {"contents": "read", "id-token": "write"}
    assert "head.repo.full_name == github.repository" in job["if"]
    assert "--synthesised" in step("plan", "plan", "Plan without a lock, and review")["run"]


def test_only_the_job_that_comments_may_write_and_it_runs_nobodys_code() -> None:
    jobs = named("plan")["jobs"]
    assert {
        name for name, job in jobs.items() if "write" in {*job["permissions"].values()} - {"id-token"}
    } == {
        "plan",
        "review",
    }
    assert jobs["review"]["permissions"] == {"pull-requests": "write"}
    assert not [each for each in jobs["review"]["steps"] if "checkout" in each.get("uses", "")]


def test_what_is_kept_of_a_plan_is_its_review() -> None:
    uploads = [
        each["with"]["path"]
        for each in named("plan")["jobs"]["plan"]["steps"]
        if each.get("uses", "").startswith("actions/upload-artifact@")
    ]
    assert uploads == ["${{ runner.temp }}/review"]


def test_nothing_is_applied_until_a_role_is_named_and_reviewers_agreed() -> None:
    job = named("apply")["jobs"]["apply"]
    assert job["if"] == "vars.APPLY_ROLE_ARN != ''"
    assert job["environment"] == "apply"
    assert step("apply", "apply", "Apply")["if"] == "steps.expected.outputs.status == '2'"


def test_every_lock_is_audited_each_week_by_an_auditor_that_is_locked_itself() -> None:
    audit = named("audit")
    assert audit[True] == {
        "schedule": [{"cron": "17 4 * * 1"}],
        "workflow_dispatch": None,
    }  # `on`, as YAML 1.1
    assert sorted(audit["jobs"]["python"]["strategy"]["matrix"]["lock"]) == sorted(PIP_LOCKS)
    asked = step("audit", "python", "Check the lock for known vulnerabilities")
    assert asked["run"] == 'pip-audit --strict --require-hashes --disable-pip --requirement "${LOCK}"'
    assert "--require-hashes" in step("audit", "python", "Install the locked auditor")["run"]
    assert audit["jobs"]["node"]["steps"][-1]["run"].startswith("npm audit --package-lock-only")


def test_auditing_may_only_read_the_repository() -> None:
    assert [job["permissions"] for job in named("audit")["jobs"].values()] == [{"contents": "read"}] * 2


def run(script: str, directory: Path, **programs: str) -> "subprocess.CompletedProcess[str]":
    """Run a step's script as a runner does, with programs that are played."""
    played = directory / "bin"
    played.mkdir(exist_ok=True)
    for name, body in programs.items():
        (played / name).write_text(f"#!/bin/bash\n{body}\n")
        (played / name).chmod(0o755)
    (directory / "engines").mkdir(exist_ok=True)
    shutil.copy(Path(__file__).parents[1] / "engines" / "environment", directory / "engines")
    environment = {
        "PATH": f"{played}:{os.environ['PATH']}",
        "RUNNER_TEMP": str(directory),
        "GITHUB_OUTPUT": str(directory / "output"),
        "COMMENTS": "repos/o/r/issues/7/comments",
        "COMMENT": "repos/o/r/issues/comments",
        "FILE": "repos/o/r/contents/review.toml?ref=abc",
        "RUN": "https://ci.example/1",
    }
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
        cwd=directory,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


GH = 'echo "$*" >>calls; if [[ "$*" == *--paginate* ]]; then {answer}; fi'


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("true", "--method POST repos/o/r/issues/7/comments"),
        ("printf '41\\n42\\n'", "--method PATCH repos/o/r/issues/comments/41"),
    ],
)
def test_the_comment_is_made_once_and_changed_from_then_on(
    tmp_path: Path, answer: str, expected: str
) -> None:
    script = step("plan", "review", "Write or update one comment")["run"]
    (tmp_path / "review").mkdir()
    (tmp_path / "review" / "review.md").write_text("<!-- slipway review plan -->\n## Nothing changes\n")
    done = run(script, tmp_path, gh=GH.format(answer=answer))
    assert done.returncode == 0, done.stderr
    _, last = (tmp_path / "calls").read_text().splitlines()[-2:]
    assert f"api --silent {expected} --field body=@review/review.md" == last
    assert "startswith(env.MARK)" in (tmp_path / "calls").read_text()


def test_each_workflow_has_a_comment_of_its_own(tmp_path: Path) -> None:
    assert (
        '--comment-key "${GITHUB_WORKFLOW}"' in step("plan", "plan", "Plan without a lock, and review")["run"]
    )
    (tmp_path / "review").mkdir()
    (tmp_path / "review" / "review.md").write_text("<!-- slipway review network -->\n## Nothing changes\n")
    script = step("plan", "review", "Write or update one comment")["run"]
    assert run(script, tmp_path, gh='echo "${MARK}" >>marks').returncode == 0
    assert set((tmp_path / "marks").read_text().splitlines()) == {"<!-- slipway review network -->"}


@pytest.mark.parametrize(("status", "passes"), [(0, True), (2, True), (3, True), (1, False), (130, False)])
def test_a_plan_that_failed_fails_the_job_and_a_blocked_one_is_handed_on(
    tmp_path: Path, status: int, passes: bool
) -> None:
    script = step("plan", "plan", "Plan without a lock, and review")["run"]
    done = run(script, tmp_path, slipway=f"echo '::error::pwned'; exit {status}", uuidgen="echo word")
    assert (done.returncode == 0) is passes
    assert (tmp_path / "output").read_text() == f"status={status}\n"
    assert done.stdout.splitlines() == ["::stop-commands::word", "::error::pwned", "::word::"]


@pytest.mark.parametrize(("status", "passes"), [(0, True), (2, True), (1, False), (130, False)])
def test_a_look_for_drift_that_failed_fails_the_job(tmp_path: Path, status: int, passes: bool) -> None:
    script = step("drift", "drift", "Look for drift")["run"]
    done = run(script, tmp_path, slipway=f"echo '::error::pwned'; exit {status}", uuidgen="echo word")
    assert (done.returncode == 0) is passes
    assert done.stdout.splitlines() == ["::stop-commands::word", "::error::pwned", "::word::"]


@pytest.mark.parametrize(
    ("status", "open_issue", "expected"),
    [
        ("2", "", ["POST repos/o/r/issues --field title="]),
        ("2", "7", ["PATCH repos/o/r/issues/7 --field body=@review/review.md"]),
        ("0", "7", ["POST repos/o/r/issues/7/comments", "PATCH repos/o/r/issues/7 --field state=closed"]),
        ("0", "", []),
    ],
)
def test_there_is_one_issue_while_there_is_drift(
    tmp_path: Path, status: str, open_issue: str, expected: list[str]
) -> None:
    script = step("drift", "issue", "Keep one issue while there is drift")["run"]
    (tmp_path / "review").mkdir()
    (tmp_path / "review" / "review.md").write_text("<!-- slipway review -->\n## 1 to change\n")
    answer = f"echo {open_issue}" if open_issue else "true"
    done = run(f"STATUS={status}; ISSUES=repos/o/r/issues\n{script}", tmp_path, gh=GH.format(answer=answer))
    assert done.returncode == 0, done.stderr
    lines = (tmp_path / "calls").read_text().splitlines()
    asked, *calls = [line for line in lines if line.startswith("api ")]
    assert "issues?state=open" in asked
    assert len(calls) == len(expected)
    assert all(words in call for call, words in zip(calls, expected, strict=True))


def test_looking_for_drift_changes_nothing_in_aws_and_the_job_that_writes_runs_nobodys_code() -> None:
    jobs = named("drift")["jobs"]
    assert jobs["drift"]["permissions"] == {"contents": "read", "id-token": "write"}
    assert jobs["issue"]["permissions"] == {"issues": "write"}
    assert not [each for each in jobs["issue"]["steps"] if "checkout" in each.get("uses", "")]


@pytest.mark.parametrize(("status", "passes"), [(0, True), (2, True), (3, False), (1, False)])
def test_what_is_not_what_was_reviewed_is_not_applied(tmp_path: Path, status: int, passes: bool) -> None:
    script = step("apply", "apply", "Check that the plan is still what was reviewed")["run"]
    done = run(script, tmp_path, slipway=f"exit {status}", uuidgen="echo word")
    assert (done.returncode == 0) is passes


def test_acknowledgements_are_those_that_are_committed(tmp_path: Path) -> None:
    script = step("plan", "plan", "Read the acknowledgements of the pull request")["run"]
    assert run(script, tmp_path, gh="echo '[severity]'").returncode == 0
    assert (tmp_path / "review.toml").read_text() == "[severity]\n"
    assert run(script, tmp_path, gh="echo 'gh: Not Found (HTTP 404)' >&2; exit 1").returncode == 0
    assert (tmp_path / "review.toml").read_text() == ""
    assert run(script, tmp_path, gh="echo 'gh: Bad Gateway (HTTP 502)' >&2; exit 1").returncode == 1
