"""The commits of a rehearsal in an account: archives of the checkout, each changed in its own way."""

import io
import subprocess
import zipfile
from pathlib import Path

from slipway.console.errors import SlipwayError

DOCKERFILE = Path("app/Dockerfile")
FIRST, BROKEN, SECOND = RELEASES = ("first", "broken", "second")
CHANGES = {
    FIRST: 'LABEL slipway.rehearsal="first"',
    BROKEN: 'ENTRYPOINT ["false"]',
    SECOND: 'LABEL slipway.rehearsal="second"',
}
"""What is written at the end of the Dockerfile. ``false`` ends at once, in whatever image has it."""
NEVER = (1980, 1, 1, 0, 0, 0)  # the earliest time that a zip can name


def archive(root: Path, release: str) -> bytes:
    """A zip of the files that git tracks, as they are now, and the release's own change."""
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
    """The files of the checkout that git tracks and that are there. Raises SlipwayError without git."""
    command = ["git", "-C", str(root), "ls-files", "-z"]
    try:
        listed = subprocess.run(command, capture_output=True, check=True, stdin=subprocess.DEVNULL).stdout
    except (OSError, subprocess.CalledProcessError) as error:
        raise SlipwayError(
            f"the files of {root} cannot be listed by git",
            why=str(error),
            then="run it in a checkout: what git tracks is what is built",
        ) from error
    names = (Path(word) for word in listed.decode().split("\0") if word)
    found = [name for name in names if (root / name).is_file()]
    if DOCKERFILE not in found:
        raise SlipwayError(
            f"{root} has no {DOCKERFILE} that git tracks", then="commit it: it is what is built"
        )
    return found
