"""What a push must change to release: what a build reads or a revision carries, and nothing else."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from modules.config.settings import Source
from tests.build.test_buildspec import played
from tests.build.world import ROOT, World, create
from tests.settings import demo

PATTERNS = Source.model_fields["paths"].default


def matches(pattern: str, path: str) -> bool:
    """Whether a file matches a pattern, by the rules that CodePipeline documents.

    docs.aws.amazon.com/codepipeline/latest/userguide/syntax-glob.html
    """
    assert not re.search(r"[\[\]{}\\]", pattern), f"{pattern}: sets, groups and escapes are not known here"
    rules = {"**": ".*", "*": "[^/]*", "?": "[^/]"}
    parts = re.split(r"(\*\*|\*|\?)", pattern)
    return re.fullmatch("".join(rules.get(part, re.escape(part)) for part in parts), path) is not None


def releases(path: str) -> bool:
    return any(matches(pattern, path) for pattern in PATTERNS)


def tracked() -> list[str]:
    listed = subprocess.check_output(["git", "ls-files", "-z"], cwd=ROOT, text=True)
    return [path for path in listed.split("\0") if path and (ROOT / path).is_file()]


@pytest.mark.parametrize(
    ("pattern", "path", "matched"),
    [
        ("scripts/*.sh", "scripts/lib.sh", True),
        ("scripts/*.sh", "scripts/build/lib.sh", False),
        ("scripts/*.sh", "other/scripts/lib.sh", False),
        ("scripts/build/**", "scripts/build/lib.sh", True),
        ("scripts/build/**", "scripts/build/deeper/lib.sh", True),
        ("scripts/build/**", "scripts/builder.sh", False),
        ("app/**", "app/.dockerignore", True),
        ("appspec.yml", "appspec.yml", True),
        ("appspec.yml", "app/appspec.yml", False),
        ("app?pec.yml", "app/pec.yml", False),
    ],
)
def test_a_pattern_matches_as_codepipeline_says(pattern: str, path: str, matched: bool) -> None:
    assert matches(pattern, path) is matched


def test_a_build_needs_nothing_but_what_releases(tmp_path: Path) -> None:
    """A checkout of those files alone gives the revision that the whole repository gives."""
    whole = built(create(tmp_path / "whole"), tracked())
    those = built(create(tmp_path / "those"), [path for path in tracked() if releases(path)])

    assert whole == those
    assert {"appspec.yml", "scripts/start_server.sh"} <= whole.keys()


def built(world: World, files: list[str]) -> dict[str, bytes]:
    """The revision that buildspec.yml makes of a checkout with these files."""
    shutil.rmtree(world.root)
    for path in files:
        (world.root / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / path, world.root / path)
    result, log = played(world)
    assert result.succeeded, log
    assert contexts(world) == {"app", "scripts/build"}
    return {name: path.read_bytes() for name, path in result.artifact.items()}


def contexts(world: World) -> set[str]:
    """The folders that docker was given to build from."""
    return {call.split()[-1] for call in world.calls("docker build") if " --file " in call}


def test_only_what_a_build_reads_releases() -> None:
    """No file of the command, the stacks, the tests or the documents does."""

    def is_read(path: str) -> bool:
        on_hosts = str(Path(path).parent) == "scripts"
        read = (
            "app/",
            "scripts/build/",
            "buildspec.yml",
            "appspec.yml",
            "pipeline.toml",
            "pipeline.schema.json",
        )
        return on_hosts or path.startswith(read)

    assert [path for path in tracked() if releases(path)] == list(filter(is_read, tracked()))


def test_codepipeline_takes_the_patterns() -> None:
    """docs.aws.amazon.com/codepipeline/latest/APIReference/API_GitFilePathFilterCriteria.html"""
    assert 1 <= len(PATTERNS) <= 8
    assert all(1 <= len(pattern) <= 255 for pattern in PATTERNS)


def test_the_committed_settings_say_the_default() -> None:
    assert demo().source.paths == PATTERNS
