"""Which files a build hands on: what `artifacts` of its buildspec matches.

docs.aws.amazon.com/codebuild/latest/userguide/build-spec-ref.html#build-spec.artifacts.files
"""

from fnmatch import fnmatch
from pathlib import Path, PurePosixPath

from local.rehearsal.codebuild.buildspec import Artifacts
from slipway.console.errors import SlipwayError


def collect(artifacts: Artifacts, source: Path) -> dict[str, Path]:
    """The files by the names that they have in the artifact; SlipwayError if a pattern finds none."""
    base = _base(artifacts.base, source)
    found: dict[str, Path] = {}
    for pattern in artifacts.files:
        files = [path for path in _matching(pattern, base, source) if path.is_file()]
        if not files:
            raise SlipwayError(
                "the artifact is not whole",
                why=f"no file matches {pattern} in {base.relative_to(source)}",
                then="see artifacts.files in the buildspec, and which command was to write it",
            )
        for path in files:
            _add(found, path, base, artifacts)
    return found


def _base(pattern: str, source: Path) -> Path:
    """The base directory: it may hold wildcards, of which CodeBuild takes what matches."""
    matching = [source] if pattern in (".", "") else _matching(pattern, source, source)
    for path in matching:
        if path.is_dir():
            return path
    raise SlipwayError(
        "there is no artifact",
        why=f"no directory matches {pattern}",
        then="see artifacts.base-directory in the buildspec, and which command was to make it",
    )


def _matching(pattern: str, base: Path, source: Path) -> list[Path]:
    """What matches; SlipwayError if the pattern is none, or if it or a link leads out of the source."""
    try:
        found = [] if _leads_out(pattern) else sorted(base.glob(pattern))
    except (ValueError, OSError, IndexError) as error:  # pathlib's own for `.`, before Python 3.13
        raise SlipwayError(
            f"{pattern!r} in artifacts is not a pattern",
            why=f"it matches nothing that could be handed on: {error}",
            then="write a path, with * for any name and **/* for all files below",
        ) from error
    root = source.resolve()
    if _leads_out(pattern) or any(not each.resolve().is_relative_to(root) for each in found):
        raise SlipwayError(
            "the artifact is not of this build alone",
            why=f"{pattern!r} leads out of the directory that the source was unpacked to",
            then="let a command copy what is wanted to a directory below it, and name that",
        )
    return found


def _leads_out(pattern: str) -> bool:
    path = PurePosixPath(pattern)
    return path.is_absolute() or ".." in path.parts or "\0" in pattern


def _add(found: dict[str, Path], path: Path, base: Path, artifacts: Artifacts) -> None:
    relative = path.relative_to(base).as_posix()
    if any(fnmatch(relative, pattern) for pattern in artifacts.excluded):
        return
    name = path.name if artifacts.flat else relative
    if found.setdefault(name, path) != path:
        raise SlipwayError(
            f"two files of the artifact would be {name}",
            why=f"discard-paths drops their directories: {found[name]} and {path}",
            then="name the files differently, or keep their paths",
        )
