"""The archives that a rehearsal uploads: what git tracks, and each release's own change."""

import io
import subprocess
import zipfile
from pathlib import Path

import pytest

from slipway.account_rehearsal.archive import BROKEN, FIRST, RELEASES, SECOND, archive
from slipway.console.errors import SlipwayError


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout with a Dockerfile, a script that can be run, and a file that git does not track."""
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "Dockerfile").write_text("FROM base\n")
    (tmp_path / "start.sh").write_text("#!/bin/sh\n")
    (tmp_path / "start.sh").chmod(0o755)
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    subprocess.run(["git", "-C", str(tmp_path), "add", "."], check=True)
    (tmp_path / "secret.env").write_text("PASSWORD=1\n")
    return tmp_path


def opened(content: bytes) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(content))


def test_it_holds_what_git_tracks_and_nothing_else(checkout: Path) -> None:
    assert opened(archive(checkout, FIRST)).namelist() == ["app/Dockerfile", "start.sh"]


def test_what_can_be_run_still_can(checkout: Path) -> None:
    assert opened(archive(checkout, FIRST)).getinfo("start.sh").external_attr >> 16 == 0o755


def test_each_release_differs_and_the_checkout_stays_as_it_is(checkout: Path) -> None:
    files = {
        release: opened(archive(checkout, release)).read("app/Dockerfile").decode() for release in RELEASES
    }
    assert files[FIRST] != files[SECOND]
    assert files[BROKEN] == 'FROM base\n\nENTRYPOINT ["false"]\n'
    assert (checkout / "app" / "Dockerfile").read_text() == "FROM base\n"
    assert archive(checkout, FIRST) == archive(checkout, FIRST)


def test_a_file_that_was_removed_but_not_committed_is_left_out(checkout: Path) -> None:
    (checkout / "start.sh").unlink()
    assert opened(archive(checkout, FIRST)).namelist() == ["app/Dockerfile"]


def test_without_git_or_a_dockerfile_it_says_what_to_do(tmp_path: Path, checkout: Path) -> None:
    (nowhere := tmp_path / "nowhere" / "deep").mkdir(parents=True)
    (checkout / "app" / "Dockerfile").unlink()
    with pytest.raises(SlipwayError, match="is not tracked by git"):
        archive(checkout, FIRST)
    (checkout / ".git" / "HEAD").unlink()
    with pytest.raises(SlipwayError, match="cannot list the files of"):
        archive(nowhere, FIRST)
