"""Updates the digest of app/Dockerfile's base image, or moves it to another tag: ``make base-image``.

Docker resolves the tag and verifies the image. The line keeps the tag for readers; builds use the digest of
its index, which has to contain an image for each architecture.
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
"""The architectures of app.architecture in pipeline.toml by Docker's names: the index must contain both."""


class ImageRefused(Exception):
    """An image cannot be used. The message says what happened, why, and what to do."""

    def __init__(self, what: str, why: str, then: str) -> None:
        super().__init__(f"{what}\n  why:  {why}\n  next: {then}")


def move(dockerfile: Path, wanted: str = "") -> str:
    """Pins the base image to the current digest of its tag, or of ``wanted``; returns what was done."""
    text = dockerfile.read_text(encoding="utf-8")
    line = LINE.search(text)
    if line is None:
        raise ImageRefused(
            f"{dockerfile.name} has no line ARG BASE_IMAGE=...",
            "this command rewrites that line",
            "add it before the first FROM, and use FROM ${BASE_IMAGE} below",
        )
    old = line[2]
    image = IMAGE.fullmatch(wanted or old)
    if image is None:
        raise ImageRefused(
            f"{wanted or old!r} is not a valid image name",
            "registry and tag are required: <registry>/<name>:<tag>",
            "for example: make base-image IMAGE=public.ecr.aws/docker/library/python:3.13-slim-trixie",
        )
    new = f"{image['tagged']}@{_digest(image['tagged'])}"
    if new == old:
        return f"{image['tagged']} still has the digest {new.partition('@')[2]}: nothing to change"
    dockerfile.write_text(text.replace(line[0], f"{line[1]}{new}"), encoding="utf-8")
    return f"base image changed\n  from {old}\n  to   {new}"


def _digest(tagged: str) -> str:
    """The digest of the index that a tag names; the last pull is for this machine's architecture."""
    for architecture in ARCHITECTURES:
        _docker("pull", "--platform", f"linux/{architecture}", tagged)
        found = _docker("image", "inspect", "--format", "{{.Architecture}}", tagged)
        if found != architecture:
            raise ImageRefused(
                f"{tagged} is not available for every architecture that hosts can have",
                f"for {architecture} the registry returns {found}",
                "choose another tag: make base-image IMAGE=...",
            )
    (digest,) = DIGEST.findall(_docker("pull", tagged))
    return str(digest)


def _docker(*arguments: str) -> str:
    """The output of a docker command. Raises ImageRefused."""
    try:
        done = subprocess.run(["docker", *arguments], capture_output=True, text=True, check=True)
    except OSError as error:
        raise ImageRefused("cannot run docker", str(error), "install Docker and start it") from error
    except subprocess.CalledProcessError as error:
        raise ImageRefused(
            f"docker {arguments[0]} {arguments[-1]} failed",
            " ".join(error.stderr.split()),
            "check that Docker is running, and that the image exists for every architecture",
        ) from error
    return done.stdout.strip()


def main(arguments: list[str]) -> int:
    """Prints what was done, or why it failed; returns the exit code, 0 or 1."""
    try:
        print(move(DOCKERFILE, arguments[0] if arguments else ""))
    except ImageRefused as refused:
        print(f"base-image: {refused}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
