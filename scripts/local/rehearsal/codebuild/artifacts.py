"""Collects a build's output: the files that `artifacts` of its buildspec matches.

docs.aws.amazon.com/codebuild/latest/userguide/build-spec-ref.html#build-spec.artifacts.files
"""

from fnmatch import fnmatch
from pathlib import Path, PurePosixPath

from local.rehearsal.codebuild.buildspec import Artifacts
from slipway.console.errors import SlipwayError


def collect(artifacts: Artifacts, source: Path) -> dict[str, Path]:
    """The files by their names in the artifact; raises SlipwayError if a pattern matches no file."""
    base = _base(artifacts.base, source)
    found: dict[str, Path] = {}
    for pattern in artifacts.files:
        files = [path for path in _matching(pattern, base, source) if path.is_file()]
        if not files:
            raise SlipwayError(
                "the artifact is incomplete",
                why=f"no file matches {pattern} in {base.relative_to(source)}",
                then="check artifacts.files in the buildspec, and the command that should write the file",
            )
        for path in files:
            _add(found, path, base, artifacts)
    return found


def _base(pattern: str, source: Path) -> Path:
    """The base directory: the first that its pattern matches. Raises SlipwayError if there is none."""
    for path in _matching(pattern, source, source):
        if path.is_dir():
            return path
    raise SlipwayError(
        "the build has no artifact",
        why=f"no directory matches {pattern}",
        then="check artifacts.base-directory in the buildspec, and the command that should create it",
    )


def _matching(pattern: str, base: Path, source: Path) -> list[Path]:
    """The paths that match; SlipwayError for an invalid pattern, or one that leads out of the source."""
    if not PurePosixPath(pattern).parts:  # such as `./`, which pathlib before 3.13 cannot match
        return [base]
    try:
        found = [] if _leads_out(pattern) else sorted(base.glob(pattern))
    except (ValueError, OSError, IndexError) as error:
        raise SlipwayError(
            f"{pattern!r} in artifacts is not a valid pattern",
            why=str(error),
            then="use a path, with * for any name and **/* for all files below a directory",
        ) from error
    root = source.resolve()
    if _leads_out(pattern) or any(not path.resolve().is_relative_to(root) for path in found):
        raise SlipwayError(
            "the artifact would contain files from outside the build",
            why=f"{pattern!r} leads out of the source directory",
            then="copy the files into the source directory with a command, and name that path",
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
            f"two files of the artifact are named {name}",
            why=f"discard-paths removes their directories: {found[name]} and {path}",
            then="rename one of the files, or remove discard-paths",
        )
