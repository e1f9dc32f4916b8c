"""Tells an emulated AWS of a push to a repository that its connections lead to, as the host would."""

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
    """Tells of a push; the executions that it started, by their pipelines.

    repository: as in ``owner/name``. files: what the commit changes, which a trigger may look at.
    """
    said = {"repository": repository, "branch": branch, "commit": commit, "files": list(files)}
    started: dict[str, str] = tell(endpoint, PATH, {"region": region, **said})
    return started
