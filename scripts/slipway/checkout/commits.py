"""The commits between two commits, if this checkout has both."""

import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from slipway.console.printable import plain

SHOWN = 20
SECONDS = 10.0
COMMIT = re.compile(r"[0-9a-f]{7,64}")  # only this is passed to git: a revision may contain any text


@dataclass(frozen=True)
class Between:
    """The commits between two commits. known: whether git has both. lines: the newest 20. more: the rest."""

    known: bool
    lines: tuple[str, ...] = ()
    more: int = 0


def between(root: Path, old: str, new: str) -> Between:
    """The commits that are in the history of ``new`` and not of ``old``, newest first."""
    known = COMMIT.fullmatch(old) and COMMIT.fullmatch(new)
    found = _git(root, "log", "--format=%h %s", f"{old}..{new}", "--") if known else None
    if found is None:
        return Between(known=False)
    lines = tuple(map(plain, found.splitlines()))
    return Between(known=True, lines=lines[:SHOWN], more=max(0, len(lines) - SHOWN))


def subject(root: Path, commit: str) -> str:
    """The first line of a commit's message; "" if this checkout does not have the commit."""
    if not COMMIT.fullmatch(commit):
        return ""
    return plain((_git(root, "log", "--max-count=1", "--format=%s", commit, "--") or "").strip())


def _git(root: Path, *arguments: str) -> str | None:
    """What git prints; None without git, repository or commit, or after ten seconds."""
    try:
        finished = subprocess.run(
            ["git", "-C", str(root), *arguments],
            capture_output=True,
            text=True,
            errors="replace",
            timeout=SECONDS,
            check=False,
            stdin=subprocess.DEVNULL,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return finished.stdout if finished.returncode == 0 else None
