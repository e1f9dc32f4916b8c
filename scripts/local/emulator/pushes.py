"""Reports a push to a connected repository to an emulated AWS, in place of the repository's host."""

from collections.abc import Sequence

from local.emulator.telling import BASE, tell

PATH = f"{BASE}/pushes"  # gaps/codepipeline_pushes.py serves it


def push(
    endpoint: str,
    region: str,
    repository: str,
    branch: str,
    commit: str,
    *,
    files: Sequence[str] = ("app/main.py",),
) -> dict[str, str]:
    """Reports a push; the ids of the executions that it starts, by pipeline.

    repository: as in ``owner/name``. files: the paths that the commit changes, which triggers can filter.
    """
    said = {"repository": repository, "branch": branch, "commit": commit, "files": list(files)}
    started: dict[str, str] = tell(endpoint, PATH, {"region": region, **said})
    return started
