"""Moves the base image of app/Dockerfile to what its tag names now, or to another tag: ``make base-image``.

The line keeps the tag for people to read; builds go by the digest that stands behind it.
"""

import re
import sys
from pathlib import Path

from image_index import digest_of
from image_name import ImageRefused, reference

DOCKERFILE = Path(__file__).resolve().parents[2] / "app" / "Dockerfile"
LINE = re.compile(r"^(ARG BASE_IMAGE=)(\S+)$", re.MULTILINE)


def move(dockerfile: Path, wanted: str = "") -> str:
    """Pins the base image to what its tag, or the wanted one's, names now; what was done, in words."""
    text = dockerfile.read_text(encoding="utf-8")
    line = LINE.search(text)
    if line is None:
        raise ImageRefused(
            f"{dockerfile.name} has no line ARG BASE_IMAGE=...",
            "it is the line that is rewritten",
            "write it before the first FROM, and FROM ${BASE_IMAGE} below",
        )
    old = line[2]
    image = reference(wanted or old)
    new = f"{image.tagged}@{digest_of(image)}"
    if new == old:
        return f"{image.tagged} is still {new.partition('@')[2]}: nothing to change"
    dockerfile.write_text(text.replace(line[0], f"{line[1]}{new}"), encoding="utf-8")
    return f"base image moved\n  from {old}\n  to   {new}"


def main(arguments: list[str]) -> int:
    """Say what was done, or why not; 1 if not."""
    try:
        print(move(DOCKERFILE, arguments[0] if arguments else ""))
    except ImageRefused as refused:
        print(f"base-image: {refused}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
