"""An image as Dockerfiles name it: registry, name, tag and, once it is pinned, digest."""

import re
from dataclasses import dataclass

REFERENCE = re.compile(
    r"(?P<registry>[\w.-]+(?::\d+)?)/(?P<name>[a-z0-9._/-]+):(?P<tag>\w[\w.-]{0,127})"
    r"(?:@(?P<digest>sha256:[0-9a-f]{64}))?",
    re.ASCII,
)


class ImageRefused(Exception):
    """An image cannot be used. The parts say what happened, why, and what to do."""

    def __init__(self, what: str, why: str, then: str) -> None:
        super().__init__(f"{what}\n  why:  {why}\n  next: {then}")


@dataclass(frozen=True, kw_only=True)
class Reference:
    """An image as Dockerfiles name it. digest: empty if only the tag is said."""

    registry: str
    name: str
    tag: str
    digest: str = ""

    @property
    def tagged(self) -> str:
        """The image by its tag."""
        return f"{self.registry}/{self.name}:{self.tag}"

    @property
    def address(self) -> str:
        """Where the registry answers; on this machine it needs no TLS, as for Docker."""
        own = re.fullmatch(r"(localhost|127\.[\d.]+)(:\d+)?", self.registry)
        return f"{'http' if own else 'https'}://{self.registry}"


def reference(text: str) -> Reference:
    """What a text names. Raises ImageRefused where that is not an image with registry and tag."""
    found = REFERENCE.fullmatch(text)
    if found is None:
        raise ImageRefused(
            f"{text!r} is no base image",
            "an image is named with its registry and its tag, <registry>/<name>:<tag>",
            "name one: make base-image IMAGE=public.ecr.aws/docker/library/python:3.13-slim-trixie",
        )
    return Reference(**{name: value or "" for name, value in found.groupdict().items()})
