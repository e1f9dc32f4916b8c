"""Releases without a pipeline: images that are built and pushed, and the revisions that name them."""

import json
import tempfile
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from local.rehearsal.machines import registry
from local.rehearsal.machines.docker_engine import DockerEngine
from local.rehearsal.machines.registry import ImageRegistry

SCRIPTS = ("start_server.sh", "health_check.sh", "watch.sh", "lib.sh")
REVISION = tuple(f"scripts/{script}" for script in SCRIPTS)
APPSPEC = "appspec.yml"
BUILT_AT = "2026-01-01T00:00:00Z"


@dataclass(frozen=True)
class ImageSource:
    """What an image is built from. source: of the whole commit. base: the image that it begins with."""

    commit: str
    repository: str
    source: Path
    base: str


def push(engine: DockerEngine, store: ImageRegistry, images: Iterable[ImageSource]) -> dict[str, str]:
    """Builds and pushes images; their digests by commit."""
    digests = {}
    with tempfile.TemporaryDirectory() as configuration:
        own = replace(engine, environment={**engine.environment, "DOCKER_CONFIG": configuration})
        own.docker(
            *("login", "--username", registry.USER, "--password-stdin", store.host),
            stdin=store.password.encode(),
        )
        for image in images:
            name = f"{store.host}/{image.repository}:{image.commit}"
            arguments = ("--build-arg", f"BASE_IMAGE={image.base}", "--build-arg", f"COMMIT={image.commit}")
            own.docker("build", "--quiet", *arguments, "--tag", name, str(image.source / "app"))
            own.docker("push", name)
            own.docker("rmi", name)
            digests[image.commit] = store.digest(image.repository, image.commit) or ""
    return digests


def image_json(repository: str, commit: str, digest: str) -> dict[str, str | None]:
    """What image.json says of a release. repository: with the registry's host."""
    return {"repository": repository, "commit": commit, "digest": digest, "built_at": BUILT_AT}


def write_revision(
    root: Path, bundle: Path, image: Mapping[str, str | None], app: str, *, appspec: str | None = None
) -> Path:
    """Writes a revision as a zip file. root: of the checkout. image: of image.json, without what is None.

    app: the text of app.json. appspec: of appspec.yml. Default: the checkout's.
    """
    with zipfile.ZipFile(bundle, "w") as archive:
        for part in REVISION:
            archive.write(root / part, part)
        archive.writestr(APPSPEC, appspec or (root / APPSPEC).read_text("utf-8"))
        kept = {name: value for name, value in image.items() if value is not None}
        archive.writestr("image.json", json.dumps(kept))
        archive.writestr("app.json", app)
    return bundle
