"""A checkout with only what a build reads, and a PATH on which docker and aws are the fakes."""

import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jmespath

from tests.build.state import FILE, fresh, opened
from tests.pretended.python import place_module

ROOT = Path(__file__).resolve().parents[2]
SETTINGS = """
environments = [{name = "staging", watch_minutes = 5}, {name = "prod"}]
[app]
port = 9000
health_path = "/healthz"
"""
COMMIT = "4f55ab0c1d2e3f4a5b6c7d8e9f0a1b2c3d4e5f60"
REGISTRY = "123456789012.dkr.ecr.eu-central-1.amazonaws.com"
IMAGES = f"{REGISTRY}/my-app"
CACHE = f"{IMAGES}-cache:test"
CACHED = f"--cache-from {CACHE} --cache-from {IMAGES}:latest"
BASE = "public.ecr.aws/docker/library/python:3.13"
KEPT = f"my-app-artifacts/revisions/{COMMIT}.zip"
LISTED = f"my-app-artifacts/revisions/{COMMIT}.sbom.json"
HOST_SCRIPTS = ("health_check.sh", "lib.sh", "start_server.sh", "watch.sh")
PROJECT = {
    "SERVICE": "my-app",
    "REGISTRY": REGISTRY,
    "IMAGE_REPOSITORY": IMAGES,
    "CACHE_REPOSITORY": f"{IMAGES}-cache",
    "REVISIONS": "s3://my-app-artifacts/revisions/",
    "ARCHITECTURE": "x86_64",
    "FAIL_ON_CRITICAL": "false",
}
BUILD = {"CODEBUILD_BUILD_ID": "my-app-build:8c1d", "AWS_REGION": "eu-central-1", "COMMIT": COMMIT}
PYTHONPATH = os.pathsep.join((str(ROOT), str(Path(jmespath.__file__).parents[1])))
ALWAYS = 1000
QUICK = {"SCAN_INTERVAL": "0", "DOCKER_TIMEOUT": "0"}


@dataclass(frozen=True)
class World:
    """root: the checkout. Everything else of it is in files below."""

    root: Path
    file: Path
    path: str

    @property
    def machine(self) -> dict[str, str]:
        """What every command gets, in a build and outside of one."""
        return {"PATH": self.path, FILE: str(self.file), "PYTHONPATH": PYTHONPATH, **QUICK}

    def step(self, name: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run one script as buildspec.yml does, with these variables besides, or in place of, the usual."""
        environment = {**self.machine, **PROJECT, **BUILD, **variables}
        return subprocess.run(
            ["bash", f"scripts/build/{name}.sh"],
            cwd=self.root,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def steps(self, *names: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run steps that have to succeed; the last one's result."""
        for name in names:
            result = self.step(name, **variables)
            assert result.returncode == 0, result.stdout + result.stderr
        return result

    def set(self, **facts: object) -> None:
        """Change what the fakes know."""
        with opened(self.file) as state:
            state.update(facts)

    def refuse(self, call: str, saying: str, times: int = ALWAYS) -> None:
        """Let calls that begin so fail, as many times."""
        self.set(refuse={call: {"says": saying, "times": times}})

    @property
    def slept(self) -> list[float]:
        """The seconds of each wait."""
        file = self.file.with_name("slept")
        return [float(line) for line in file.read_text().split()] if file.exists() else []

    @property
    def state(self) -> dict[str, Any]:
        """What the fakes know."""
        state: dict[str, Any] = json.loads(self.file.read_text())
        return state

    def calls(self, beginning: str) -> list[str]:
        """The calls so far that begin so."""
        return [call for call in self.state["calls"] if call.startswith(beginning)]


def create(directory: Path) -> World:
    """A world in which nothing was built yet, and every scan is clean."""
    write(directory / "checkout")
    programs = directory / "bin"
    programs.mkdir()
    for name in ("docker", "aws"):
        place_module(programs / name, f"tests.build.fake_{name}", PYTHONPATH)
    sleep = programs / "sleep"
    sleep.write_text('#!/bin/sh\necho "$1" >>"${FAKE_STATE%/*}/slept"\n')
    sleep.chmod(0o755)
    (directory / "state.json").write_text(json.dumps(fresh() | {"scans": [scanned()]}))
    return _in(directory)


def copied(world: World, directory: Path) -> World:
    """A world that is like another now, and goes its own way."""
    shutil.copytree(world.root.parent, directory, dirs_exist_ok=True)
    return _in(directory)


def _in(directory: Path) -> World:
    path = f"{directory / 'bin'}{os.pathsep}{os.environ['PATH']}"
    return World(directory / "checkout", directory / "state.json", path)


def write(root: Path) -> None:
    """The real scripts of the build and buildspec.yml; stand-ins for what they package."""
    build = root / "scripts" / "build"
    build.mkdir(parents=True)
    for script in (ROOT / "scripts" / "build").glob("*.*"):
        (build / script.name).write_bytes(script.read_bytes())
    (root / "buildspec.yml").write_bytes((ROOT / "buildspec.yml").read_bytes())
    (root / "app").mkdir()
    (root / "app" / "Dockerfile").write_text("FROM scratch AS test\nFROM scratch\n")
    (root / "appspec.yml").write_text("version: 0.0\nos: linux\n")
    (root / "pipeline.toml").write_text(SETTINGS)
    shutil.copy2(ROOT / "pipeline.schema.json", root)
    for name in HOST_SCRIPTS:
        (root / "scripts" / name).write_text(f"#!/bin/bash\n# {name}\n")


def scanned(status: str = "COMPLETE", **severities: int) -> dict[str, Any]:
    """ECR's answer about a scan with findings; none unless they are given."""
    findings = [
        {"name": f"CVE-2026-{number}", "severity": severity, "uri": f"https://cve/{number}"}
        for severity, count in severities.items()
        for number in range(count)
    ]
    return {
        "imageScanStatus": {"status": status},
        "imageScanFindings": {"findingSeverityCounts": severities, "findings": findings},
    }


def unscanned(status: str, description: str | None = None) -> dict[str, Any]:
    """ECR's answer about a scan without findings."""
    return {"imageScanStatus": {"status": status, "description": description}}
