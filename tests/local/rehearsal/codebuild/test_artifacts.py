"""The files that a build hands on."""

from pathlib import Path

import pytest

from local.rehearsal.codebuild.artifacts import collect
from local.rehearsal.codebuild.buildspec import Artifacts
from slipway.console.errors import SlipwayError


@pytest.fixture
def source(tmp_path: Path) -> Path:
    for name in ("out/appspec.yml", "out/scripts/a.sh", "out/scripts/deep/b.sh", "other.txt"):
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(name)
    return tmp_path


def names(source: Path, *files: str, base: str = "out") -> list[str]:
    return list(collect(Artifacts(files=files, base=base), source))


def test_two_stars_take_every_file_below_the_base(source: Path) -> None:
    assert names(source, "**/*") == ["appspec.yml", "scripts/a.sh", "scripts/deep/b.sh"]


def test_one_star_takes_the_files_of_one_directory(source: Path) -> None:
    assert names(source, "scripts/*") == ["scripts/a.sh"]


def test_without_a_base_names_are_relative_to_the_source(source: Path) -> None:
    assert names(source, "other.txt", "out/appspec.yml", base=".") == ["other.txt", "out/appspec.yml"]


def test_the_base_may_be_a_pattern(source: Path) -> None:
    assert names(source, "appspec.yml", base="o*t") == ["appspec.yml"]


def test_excluded_files_stay_behind(source: Path) -> None:
    artifacts = Artifacts(files=("**/*",), base="out", excluded=("scripts/deep/*",))
    assert list(collect(artifacts, source)) == ["appspec.yml", "scripts/a.sh"]


def test_paths_are_dropped_where_asked(source: Path) -> None:
    artifacts = Artifacts(files=("**/*",), base="out", flat=True)
    assert list(collect(artifacts, source)) == ["appspec.yml", "a.sh", "b.sh"]


def test_two_files_do_not_become_one(source: Path) -> None:
    (source / "out/scripts/deep/a.sh").write_text("another")
    with pytest.raises(SlipwayError, match=r"two files of the artifact are named a\.sh"):
        collect(Artifacts(files=("**/*",), base="out", flat=True), source)


def test_a_pattern_that_finds_nothing_is_a_failure(source: Path) -> None:
    with pytest.raises(SlipwayError, match=r"no file matches image\.json in out"):
        names(source, "appspec.yml", "image.json")


def test_a_base_that_is_not_there_is_a_failure(source: Path) -> None:
    with pytest.raises(SlipwayError, match="no directory matches build/revision"):
        names(source, "**/*", base="build/revision")
