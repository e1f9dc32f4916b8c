"""Moving the base image: what is written, and what is refused so that nothing is."""

import hashlib
import io
import json
import os
import re
import shutil
import tarfile
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import base_image
import pytest
from base_image import ImageRefused

from local.rehearsal.machines import addresses
from local.rehearsal.machines.docker_engine import DockerEngine, private_engine
from local.rehearsal.machines.programs import serving

OLD = "sha256:" + "0" * 64
BOTH, ONE = ("amd64", "arm64"), ("amd64",)


def saved(name: str, architecture: str, content: str) -> bytes:
    """An image as `docker save` writes it; its one layer holds the content."""
    layer = packed({"content": content.encode()})
    rootfs = {"type": "layers", "diff_ids": [f"sha256:{hashlib.sha256(layer).hexdigest()}"]}
    config = {"architecture": architecture, "os": "linux", "config": {}, "rootfs": rootfs}
    manifest = [{"Config": "config.json", "RepoTags": [name], "Layers": ["layer.tar"]}]
    texts = {"config.json": json.dumps(config), "manifest.json": json.dumps(manifest)}
    return packed({"layer.tar": layer, **{path: text.encode() for path, text in texts.items()}})


def packed(files: Mapping[str, bytes]) -> bytes:
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w") as tar:
        for path, content in files.items():
            entry = tarfile.TarInfo(path)
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))
    return archive.getvalue()


class Registry:
    """A registry on this machine, and the engine that pushes to it."""

    def __init__(self, host: str, engine: DockerEngine) -> None:
        self.host, self.engine = host, engine

    def push(self, name: str, architectures: tuple[str, ...], content: str) -> str:
        """An index with an image for each architecture; the digest that the registry gives it."""
        named = f"{self.host}/{name}"
        parts = [f"{named}-{architecture}" for architecture in architectures]
        for architecture, part in zip(architectures, parts, strict=True):
            self.engine.docker("load", stdin=saved(part, architecture, content))
            self.engine.docker("push", "--quiet", part)
        self.engine.docker("manifest", "create", "--insecure", "--amend", named, *parts)
        return self.engine.docker("manifest", "push", "--insecure", "--purge", named)


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Registry]:
    """A real one, which a real engine asks."""
    if os.geteuid() != 0 or not all(map(shutil.which, ("docker", "dockerd", "iptables", "docker-registry"))):
        pytest.skip("no private engine here: it takes root, docker, dockerd, iptables and docker-registry")
    place = Path(tempfile.mkdtemp(prefix="slipway-test-"))
    (port,) = addresses.free_ports("127.0.0.1", 1)
    settings = place / "config.yml"
    storage = {"filesystem": {"rootdirectory": f"{place}/images"}}
    settings.write_text(
        json.dumps({"version": "0.1", "storage": storage, "http": {"addr": f"127.0.0.1:{port}"}})
    )
    command = ["docker-registry", "serve", str(settings)]
    with (
        serving(command, place / "log", ready=lambda: addresses.accepts("127.0.0.1", port)),
        private_engine(place / "docker") as engine,
    ):
        yield Registry(f"127.0.0.1:{port}", engine)
    shutil.rmtree(place, ignore_errors=True)


def written(directory: Path, image: str) -> Path:
    """A Dockerfile with this base image."""
    path = directory / "Dockerfile"
    path.write_text(f"# why\nARG BASE_IMAGE={image}\nFROM ${{BASE_IMAGE}} AS one\nFROM ${{BASE_IMAGE}}\n")
    return path


def refusal(dockerfile: Path, wanted: str = "") -> str:
    """What is said; nothing may have been written."""
    before = dockerfile.read_text()
    with pytest.raises(ImageRefused) as refused:
        base_image.move(dockerfile, wanted)
    assert dockerfile.read_text() == before
    assert re.fullmatch(r".+\n  why:  .+\n  next: .+", str(refused.value))
    return str(refused.value)


@pytest.mark.integration
def test_the_line_follows_its_tag_and_no_other_line_changes(
    registry: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in registry.engine.environment.items():
        monkeypatch.setenv(name, value)
    tagged = f"{registry.host}/team/base:1"
    first = registry.push("team/base:1", BOTH, "first")
    dockerfile = written(tmp_path, f"{tagged}@{OLD}")
    before = dockerfile.read_text()

    said = base_image.move(dockerfile)
    assert dockerfile.read_text() == before.replace(OLD, first)
    assert said.splitlines()[1:] == [f"  from {tagged}@{OLD}", f"  to   {tagged}@{first}"]

    unchanged = dockerfile.stat().st_mtime_ns
    assert base_image.move(dockerfile).endswith("nothing to change")
    assert dockerfile.stat().st_mtime_ns == unchanged

    second = registry.push("team/base:1", BOTH, "second")
    assert second != first
    base_image.move(dockerfile, tagged)
    assert dockerfile.read_text() == before.replace(OLD, second)

    registry.push("team/small:1", ONE, "small")
    assert "linux/arm64" in refusal(dockerfile, f"{registry.host}/team/small:1")
    assert "docker pull" in refusal(dockerfile, f"{registry.host}/team/base:3")


def test_without_docker_that_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "cannot run docker" in refusal(written(tmp_path, "example.org/a:1"))


def test_what_docker_complains_of_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    docker = tmp_path / "docker"
    docker.write_text("#!/bin/sh\necho Cannot connect to the Docker daemon >&2\nexit 1\n")
    docker.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    assert "why:  Cannot connect to the Docker daemon\n" in refusal(written(tmp_path, "example.org/a:1"))


@pytest.mark.parametrize(
    "wanted", ["python", "python:3.13", "r/python", "r/p:t@sha256:12", "r/p:t; id", "-x/p:é"]
)
def test_what_names_no_image_is_refused(tmp_path: Path, wanted: str) -> None:
    assert "is not a valid image name" in refusal(written(tmp_path, "example.org/a:1"), wanted)


def test_a_dockerfile_without_the_line_is_refused(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text("FROM scratch\n")
    assert "has no line ARG BASE_IMAGE" in refusal(tmp_path / "Dockerfile")


def test_the_services_own_base_image_is_pinned_by_digest() -> None:
    line = base_image.LINE.search(base_image.DOCKERFILE.read_text())
    assert line
    image = base_image.IMAGE.fullmatch(line[2])
    assert image
    assert image["digest"]


def test_every_image_that_the_service_is_built_from_is_that_one() -> None:
    images = set(re.findall(r"^FROM (\S+)", base_image.DOCKERFILE.read_text(), re.M))
    assert images == {"${BASE_IMAGE}", "builder"}
