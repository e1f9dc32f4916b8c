"""Moves the base image of app/Dockerfile to what its tag names now, or to another tag: ``make base-image``.

Docker asks the registry, and checks what comes. The line keeps the tag for people to read; builds go by the
digest of the index that stands behind it, which has to hold the image for each architecture.
"""

import re
import subprocess
import sys
from pathlib import Path

DOCKERFILE = Path(__file__).resolve().parents[2] / "app" / "Dockerfile"
LINE = re.compile(r"^(ARG BASE_IMAGE=)(\S+)$", re.MULTILINE)
IMAGE = re.compile(
    r"(?P<tagged>[\w.-]+(:\d+)?/[a-z0-9._/-]+:\w[\w.-]{0,127})(@(?P<digest>sha256:[0-9a-f]{64}))?",
    re.ASCII,
)
DIGEST = re.compile(r"^Digest: (sha256:[0-9a-f]{64})$", re.MULTILINE)
ARCHITECTURES = ("arm64", "amd64")
"""What app.architecture in pipeline.toml can ask for, in Docker's words: a digest has to do for both."""


class ImageRefused(Exception):
    """An image cannot be used. The parts say what happened, why, and what to do."""

    def __init__(self, what: str, why: str, then: str) -> None:
        super().__init__(f"{what}\n  why:  {why}\n  next: {then}")


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
    image = IMAGE.fullmatch(wanted or old)
    if image is None:
        raise ImageRefused(
            f"{wanted or old!r} is not a base image",
            "an image is named with its registry and its tag, <registry>/<name>:<tag>",
            "name one: make base-image IMAGE=public.ecr.aws/docker/library/python:3.13-slim-trixie",
        )
    new = f"{image['tagged']}@{_digest(image['tagged'])}"
    if new == old:
        return f"{image['tagged']} is still {new.partition('@')[2]}: nothing to change"
    dockerfile.write_text(text.replace(line[0], f"{line[1]}{new}"), encoding="utf-8")
    return f"base image moved\n  from {old}\n  to   {new}"


def _digest(tagged: str) -> str:
    """The digest of the index that a tag names. What is pulled last stays tagged: this machine's."""
    for architecture in ARCHITECTURES:
        _docker("pull", "--platform", f"linux/{architecture}", tagged)
        found = _docker("image", "inspect", "--format", "{{.Architecture}}", tagged)
        if found != architecture:
            raise ImageRefused(
                f"{tagged} is not for every architecture that hosts may have",
                f"asked for {architecture}, the registry gives {found}",
                "name another tag: make base-image IMAGE=...",
            )
    (digest,) = DIGEST.findall(_docker("pull", tagged))
    return str(digest)


def _docker(*arguments: str) -> str:
    """What a docker command printed."""
    try:
        done = subprocess.run(["docker", *arguments], capture_output=True, text=True, check=True)
    except OSError as error:
        raise ImageRefused("docker cannot be run", str(error), "install Docker and start it") from error
    except subprocess.CalledProcessError as error:
        raise ImageRefused(
            f"docker {arguments[0]} {arguments[-1]} failed",
            " ".join(error.stderr.split()),
            "see that the name, the tag and every architecture of it are there, and that Docker runs",
        ) from error
    return done.stdout.strip()


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
