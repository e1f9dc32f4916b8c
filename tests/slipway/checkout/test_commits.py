"""What lies between two commits, where git can say."""

import subprocess
from pathlib import Path

import pytest

from slipway.checkout.commits import SHOWN, Between, between, subject

ENVIRONMENT = {
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_CONFIG_SYSTEM": "/dev/null",
    "GIT_AUTHOR_NAME": "a",
    "GIT_AUTHOR_EMAIL": "a@example.com",
    "GIT_COMMITTER_NAME": "a",
    "GIT_COMMITTER_EMAIL": "a@example.com",
    "PATH": "/usr/bin:/bin:/usr/local/bin",
}


def git(root: Path, *arguments: str) -> str:
    return subprocess.run(
        ["git", "-C", str(root), *arguments], env=ENVIRONMENT, check=True, capture_output=True, text=True
    ).stdout.strip()


@pytest.fixture
def commits(tmp_path: Path) -> list[str]:
    """The ids of three commits, oldest first."""
    git(tmp_path, "init", "--quiet")
    made = []
    for name in ("First", "Second", "Third"):
        git(tmp_path, "commit", "--quiet", "--allow-empty", "--message", name)
        made.append(git(tmp_path, "rev-parse", "HEAD"))
    return made


def test_the_commits_in_between_are_told_newest_first(tmp_path: Path, commits: list[str]) -> None:
    found = between(tmp_path, commits[0], commits[2])
    assert [line.partition(" ")[2] for line in found.lines] == ["Third", "Second"]


def test_backwards_there_are_none(tmp_path: Path, commits: list[str]) -> None:
    assert between(tmp_path, commits[2], commits[0]) == Between(known=True)


def test_of_many_the_newest_are_told_and_the_others_counted(tmp_path: Path, commits: list[str]) -> None:
    for number in range(SHOWN):
        git(tmp_path, "commit", "--quiet", "--allow-empty", "--message", f"More {number}")
    found = between(tmp_path, commits[0], git(tmp_path, "rev-parse", "HEAD"))
    assert (len(found.lines), found.more) == (SHOWN, 2)


def test_a_commit_that_this_checkout_does_not_have_is_not_known(tmp_path: Path, commits: list[str]) -> None:
    assert not between(tmp_path, commits[0], "f" * 40).known


def test_without_a_repository_nothing_is_known(tmp_path: Path) -> None:
    assert not between(tmp_path, "a" * 40, "b" * 40).known


def test_what_is_no_commit_does_not_reach_git(tmp_path: Path, commits: list[str]) -> None:
    assert not between(tmp_path, f"--output={tmp_path}/written", commits[0]).known
    assert subject(tmp_path, f"--output={tmp_path}/written") == ""
    assert not list(tmp_path.glob("written*"))


def test_a_commits_first_line_is_its_subject(tmp_path: Path, commits: list[str]) -> None:
    assert subject(tmp_path, commits[1]) == "Second"
