"""The releases of a rehearsal in an account: archives of the checkout, each with a change of its own."""

import io
import subprocess
import zipfile
from pathlib import Path

from slipway.console.errors import SlipwayError
from slipway.console.shell import command_line

DOCKERFILE = Path("app/Dockerfile")
FIRST, BROKEN, SECOND = RELEASES = ("first", "broken", "second")
CHANGES = {
    FIRST: 'LABEL slipway.rehearsal="first"',
    BROKEN: 'ENTRYPOINT ["false"]',
    SECOND: 'LABEL slipway.rehearsal="second"',
}
"""What is appended to the Dockerfile. ``false`` exits with an error at once; most images have it."""
NEVER = (1980, 1, 1, 0, 0, 0)  # the earliest time that a ZIP can store


def archive(root: Path, release: str) -> bytes:
    """A ZIP of the current files that git tracks, with the release's change."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as made:
        for name in tracked(root):
            file = root / name
            info = zipfile.ZipInfo(name.as_posix(), NEVER)
            info.external_attr = (file.stat().st_mode & 0o777) << 16
            made.writestr(info, _content(file, name, release), zipfile.ZIP_DEFLATED)
    return content.getvalue()


def _content(file: Path, name: Path, release: str) -> bytes:
    added = f"\n{CHANGES[release]}\n".encode() if name == DOCKERFILE else b""
    return file.read_bytes() + added


def tracked(root: Path) -> list[Path]:
    """The existing files that git tracks. Raises SlipwayError without git, or without app/Dockerfile."""
    command = ["git", "-C", str(root), "ls-files", "-z"]
    try:
        listed = subprocess.run(command, capture_output=True, check=True, stdin=subprocess.DEVNULL).stdout
    except (OSError, subprocess.CalledProcessError) as error:
        raise SlipwayError(
            f"cannot list the files of {root} with git",
            why=str(error),
            then="run the command in a git checkout: the files that git tracks are built",
        ) from error
    names = (Path(word) for word in listed.decode().split("\0") if word)
    found = [name for name in names if (root / name).is_file()]
    if DOCKERFILE not in found:
        raise SlipwayError(
            f"{DOCKERFILE} in {root} is not tracked by git",
            why="the rehearsal builds the files that git tracks",
            then=f"run {command_line('git', 'add', DOCKERFILE)}, then run this command again",
        )
    return found
