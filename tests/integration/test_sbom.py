"""scripts/build/sbom.sh with a real Docker engine: it lists what is in the service's own image."""

import json
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from local.rehearsal.machines import base_image
from local.rehearsal.machines.docker_engine import DockerEngine, engines, require_possible
from slipway.console.errors import SlipwayError
from tests.integration.pipelines import ROOT

pytestmark = [pytest.mark.integration, pytest.mark.slow, pytest.mark.timeout(900)]

REPOSITORY, COMMIT = "registry.example/sbom-test", "4f55ab0"
DIGEST = "sha256:" + "ab" * 32
STATUS = """\
Package: base-files
Status: install ok installed
Maintainer: Santiago Vila <sanvila@debian.org>
Architecture: amd64
Version: 13.8

Package: dpkg
Status: install ok installed
Maintainer: Dpkg Developers <debian-dpkg@lists.debian.org>
Architecture: amd64
Version: 1.22.21

Package: libssl3t64
Status: install ok installed
Maintainer: Debian OpenSSL Team <no address>
Architecture: amd64
Source: openssl
Version: 3.5.4-1~deb13u2
Depends: base-files
"""
SYSTEM = 'ID=debian\nVERSION_ID="13"\nPRETTY_NAME="Debian GNU/Linux 13 (trixie)"\n'


@pytest.fixture(scope="module")
def checkout() -> Iterator[Path]:
    """What a build reads, copied; a short path, for there will be sockets in it."""
    try:
        require_possible()
    except SlipwayError as missing:
        pytest.skip(str(missing))
    directory = Path(tempfile.mkdtemp(prefix="slipway-test-"))
    shutil.copytree(ROOT / "app", directory / "app", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "scripts" / "build", directory / "scripts" / "build")
    (directory / "build").mkdir()
    yield directory
    shutil.rmtree(directory)


@pytest.fixture(scope="module")
def engine(checkout: Path) -> Iterator[DockerEngine]:
    """An engine that has the service's image, on a base with Debian packages."""
    with engines(checkout / "engine", 1) as (engine,):
        base_image.stand_in(engine, f"{REPOSITORY}:plain")
        debian = checkout / "debian"
        debian.mkdir()
        (debian / "status").write_text(STATUS)
        (debian / "os-release").write_text(SYSTEM)
        (debian / "Dockerfile").write_text(
            f"FROM {REPOSITORY}:plain\nCOPY status /var/lib/dpkg/status\nCOPY os-release /etc/os-release\n"
        )
        base, image = f"{REPOSITORY}:base", f"{REPOSITORY}:{COMMIT}"
        engine.docker("build", "--tag", base, str(debian))
        given = ("--build-arg", f"BASE_IMAGE={base}", "--build-arg", f"COMMIT={COMMIT}")
        engine.docker("build", *given, "--tag", image, str(checkout / "app"))
        yield engine
        engine.remove_images(f"{REPOSITORY}*")


@pytest.fixture(scope="module")
def document(checkout: Path, engine: DockerEngine) -> dict[str, Any]:
    """The list, made by the script as buildspec.yml runs it, after a push."""
    (checkout / "build" / "digest").write_text(DIGEST)
    done = subprocess.run(
        ["bash", "scripts/build/sbom.sh"],
        cwd=checkout,
        env={**os.environ, **engine.environment, "IMAGE_REPOSITORY": REPOSITORY, "COMMIT": COMMIT},
        capture_output=True,
        text=True,
        check=False,
    )
    log = checkout / "build" / "sbom.log"
    assert done.returncode == 0, done.stderr + (log.read_text() if log.exists() else "")
    listed: dict[str, Any] = json.loads((checkout / "build" / "sbom.json").read_text())
    return listed


def versions(document: dict[str, Any], kind: str) -> dict[str, str]:
    """What is listed of one kind of package, with versions."""
    found = (
        component
        for component in document["components"]
        if component.get("purl", "").startswith(f"pkg:{kind}/")
    )
    return {each["name"]: each["version"] for each in found}


def test_every_package_that_the_service_is_locked_to_is_listed(document: dict[str, Any]) -> None:
    lock = (ROOT / "app" / "requirements.txt").read_text()
    locked = dict(re.findall(r"^([a-z0-9-]+)==(\S+)", lock, re.MULTILINE))
    listed = {name.replace("_", "-"): version for name, version in versions(document, "pypi").items()}
    assert locked
    assert locked.items() <= listed.items()


def test_the_python_that_was_compiled_for_the_base_image_is_listed_too(document: dict[str, Any]) -> None:
    assert list(versions(document, "generic")) == ["python"]


def test_nothing_of_the_tools_that_list_is_listed(document: dict[str, Any]) -> None:
    assert not {"cyclonedx-bom", "debsbom", "lxml"} & versions(document, "pypi").keys()


def test_debians_packages_are_listed_with_their_sources_and_the_system(document: dict[str, Any]) -> None:
    debian = versions(document, "deb")
    assert debian["libssl3t64"] == debian["openssl"] == "3.5.4-1~deb13u2"
    assert debian["base-files"] == "13.8"
    systems = [component for component in document["components"] if component["type"] == "operating-system"]
    assert [(system["name"], system["version"]) for system in systems] == [("debian", "13")]


def test_the_list_is_about_the_digest_that_was_pushed(document: dict[str, Any]) -> None:
    about = document["metadata"]["component"]
    assert about["hashes"] == [{"alg": "SHA-256", "content": "ab" * 32}]
    assert about["version"] == COMMIT


def test_the_image_that_was_built_is_labelled_with_its_commit(engine: DockerEngine) -> None:
    label = '{{index .Config.Labels "org.opencontainers.image.revision"}}'
    assert engine.docker("image", "inspect", "--format", label, f"{REPOSITORY}:{COMMIT}") == COMMIT


def test_nothing_that_was_made_to_list_stays(
    document: dict[str, Any], checkout: Path, engine: DockerEngine
) -> None:
    made = (checkout / "build" / "sbom.id").read_text()
    assert not engine.can("image", "inspect", made)
    assert made not in engine.docker("ps", "--all", "--no-trunc", "--format", "{{.Image}}")
