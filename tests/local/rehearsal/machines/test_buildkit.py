"""Which docker builds, where there are several."""

import os
from pathlib import Path

from local.rehearsal.machines.buildkit import docker_with_buildkit

WITHOUT = '[ "$DOCKER_BUILDKIT" != 1 ] || { echo "the buildx component is missing or broken" >&2; exit 1; }'


def docker(directory: Path, script: str = "") -> Path:
    directory.mkdir()
    program = directory / "docker"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    return program


def path(*programs: Path) -> dict[str, str]:
    return {"PATH": os.pathsep.join(str(program.parent) for program in programs), "HOME": "/here"}


def test_one_without_buildkit_is_passed_over(tmp_path: Path) -> None:
    without, able = docker(tmp_path / "new", WITHOUT), docker(tmp_path / "old")
    environment = docker_with_buildkit(path(without, able), tmp_path / "bin")
    first, _, rest = environment["PATH"].partition(os.pathsep)
    assert Path(first, "docker").resolve() == able
    assert rest == path(without, able)["PATH"]
    assert environment["HOME"] == "/here"


def test_the_first_that_has_it_stays_first(tmp_path: Path) -> None:
    given = path(docker(tmp_path / "able"), docker(tmp_path / "without", WITHOUT))
    assert docker_with_buildkit(given, tmp_path / "bin") == given


def test_where_none_has_it_nothing_changes(tmp_path: Path) -> None:
    given = path(docker(tmp_path / "without", WITHOUT))
    assert docker_with_buildkit(given, tmp_path / "bin") == given
