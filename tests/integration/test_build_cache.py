"""The build's own path to its layers: real BuildKit, a real registry, and engines that have never built."""

import asyncio
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from local.emulator.process import Emulator
from local.rehearsal import commits
from local.rehearsal.codebuild.builder import Builder
from local.rehearsal.machines import addresses, base_image, ecr_mirror, registry
from local.rehearsal.machines.buildkit import docker_with_buildkit
from local.rehearsal.machines.docker_engine import DockerEngine, private_engine
from local.rehearsal.machines.registry import ImageRegistry
from local.rehearsal.testbed import BUILD, environment_of
from modules.config.names import Names
from slipway.aws.clients import Aws
from tests.integration.pipelines import REGION, ROOT
from tests.rehearsals.throttling_registry import throttling
from tests.settings import minimal

pytestmark = [pytest.mark.integration, pytest.mark.slow, pytest.mark.timeout(900)]

NAMES = Names.of(minimal())
BASE = "stand-in"
STEP = re.compile(r"^#(\d+) \[(\S+ \d+/\d+)\] (?!FROM)")  # the base image is pulled, not built
DOCKERFILE = """\
ARG BASE_IMAGE=none
FROM ${BASE_IMAGE} AS builder
RUN cat /proc/uptime > /made
FROM builder AS test
RUN ls /made
FROM ${BASE_IMAGE}
COPY --from=builder /made /made
"""


@dataclass(frozen=True)
class Machines:
    """What builds share: a registry that has the base image, and an AWS that keeps what they make."""

    directory: Path
    registry: ImageRegistry
    environment: Mapping[str, str]

    @contextmanager
    def engine(self) -> Iterator[DockerEngine]:
        """An engine that has built nothing and has no images."""
        directory = Path(tempfile.mkdtemp(prefix="slipway-test-"))
        try:
            with private_engine(directory / "engine") as engine:
                yield engine
        finally:
            shutil.rmtree(directory, ignore_errors=True)


@pytest.fixture(scope="module")
def machines(emulated: Emulator) -> Iterator[Machines]:
    programs = ("docker", "dockerd", "iptables", "ip", "docker-registry", "haproxy")
    if os.geteuid() != 0 or not all(map(shutil.which, programs)):
        pytest.skip(f"it takes root, and these on the PATH: {', '.join(programs)}")
    directory = Path(tempfile.mkdtemp(prefix="slipway-test-"))
    clients = Aws(REGION, emulated.environment)
    for name in (NAMES.repository, NAMES.cache_repository, BASE):
        clients.ecr.create_repository(
            repositoryName=name, imageScanningConfiguration={"scanOnPush": name != BASE}
        )
    clients.s3.create_bucket(
        Bucket=NAMES.artifact_bucket, CreateBucketConfiguration={"LocationConstraint": REGION}
    )
    environment = docker_with_buildkit(environment_of(emulated.environment, BUILD), directory / "bin")
    try:
        with registry.registry(
            directory / "registry",
            addresses.own_address(),
            registry.password(clients.ecr),
            lambda here, push: ecr_mirror.mirror(clients.ecr, here, push),
        ) as store:
            made = Machines(directory, store, environment)
            with made.engine() as engine:
                name = f"{store.host}/{BASE}:1"
                base_image.stand_in(engine, name)
                login = ("login", "--username", "AWS", "--password-stdin", store.host)
                engine.docker("--config", str(directory), *login, stdin=store.password.encode())
                engine.docker("--config", str(directory), "push", name)
            yield made
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def build(machines: Machines, engine: DockerEngine, number: int) -> dict[str, str]:
    """Plays buildspec.yml on a commit, whole; for each step of its Dockerfile, whether it was CACHED or DONE.

    Those of the tests' build come first, and the image's build has names of its own for its last stage.
    """
    commit = commits.make(ROOT, machines.directory / "source", f"{number}", commits.release(number))
    builder = Builder(
        names=NAMES,
        engine=engine,
        registry=machines.registry,
        environment={**machines.environment, **engine.environment, "SCAN_INTERVAL": "1"},
        directory=machines.directory,
        base_image=f"{machines.registry.host}/{BASE}:1",
        fail_on_critical=False,
    )
    record = asyncio.run(builder.build(commit, 0.0))
    assert machines.registry.digest(NAMES.repository, "latest") == record.digest
    return ends((machines.directory / f"build-{commit.hash[:7]}.log").read_text())


def ends(log: str) -> dict[str, str]:
    """How each step of a Dockerfile ended the first time that it is in a log."""
    found: dict[str, str] = {}
    for built in re.split(r"^==> ", log, flags=re.MULTILINE):
        steps = {step[1]: step[2] for step in map(STEP.match, built.splitlines()) if step}
        for number, end in re.findall(r"^#(\d+) (CACHED|DONE)", built, re.MULTILINE):
            if number in steps:
                found.setdefault(steps[number], end)
    return found


def test_an_engine_that_has_never_built_takes_its_layers_from_the_registry(machines: Machines) -> None:
    with machines.engine() as engine:
        first = build(machines, engine, 1)
    with machines.engine() as engine:
        second = build(machines, engine, 2)
    assert first["builder 3/3"] == "DONE"
    assert second["builder 2/3"] == second["builder 3/3"] == "CACHED"
    assert second["test 2/5"] == "CACHED"
    assert second["test 5/5"] == "DONE"  # the second commit's own tests
    last = {step: end for step, end in second.items() if step.startswith("stage-2")}
    assert set(last.values()) == {"CACHED"}, last


@dataclass(frozen=True)
class SmallBuild:
    """The scripts of a build, and a Dockerfile that takes no time."""

    source: Path
    environment: dict[str, str]

    def steps(self, *names: str, **variables: str) -> str:
        """Runs steps as buildspec.yml does; what they said. Each has to succeed."""
        said = ""
        for name in names:
            done = subprocess.run(
                ["bash", f"scripts/build/{name}.sh"],
                cwd=self.source,
                env={**self.environment, **variables},
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                check=False,
            )
            said += done.stdout
            assert done.returncode == 0, said
        return said


@pytest.fixture(scope="module")
def small(machines: Machines) -> Iterator[tuple[SmallBuild, DockerEngine]]:
    """One whose first build's layers are in the registry, and an engine."""
    source = machines.directory / "small"
    shutil.copytree(ROOT / "scripts" / "build", source / "scripts" / "build")
    (source / "app").mkdir()
    (source / "app" / "Dockerfile").write_text(DOCKERFILE)
    host = machines.registry.host
    with machines.engine() as engine:
        variables = {
            "HOME": str(source),
            "SERVICE": "small",
            "REGISTRY": host,
            "IMAGE_REPOSITORY": f"{host}/small",
            "CACHE_REPOSITORY": f"{host}/small-cache",
            "REVISIONS": "s3://nowhere/",
            "ARCHITECTURE": engine.architecture,
            "FAIL_ON_CRITICAL": "false",
            "AWS_REGION": REGION,
            "COMMIT": "one",
            "BASE_IMAGE": f"{host}/{BASE}:1",
            "RETRY_SECONDS": "0",
        }
        built = SmallBuild(source, {**machines.environment, **engine.environment, **variables})
        built.steps(*STEPS, "push", "latest")
        yield built, engine


STEPS = ("install", "login", "base_image", "test", "build")


@pytest.fixture
def forgetful(small: tuple[SmallBuild, DockerEngine]) -> SmallBuild:
    """One whose engine has forgotten what it built."""
    built, engine = small
    engine.docker("builder", "prune", "--all", "--force")
    engine.remove_images("*/small*")
    return SmallBuild(built.source, dict(built.environment))


def test_what_an_engine_has_forgotten_it_takes_from_the_registry(forgetful: SmallBuild) -> None:
    said = ends(forgetful.steps(*STEPS, COMMIT="two"))
    assert {said["builder 2/2"], said["test 1/1"], said["stage-2 2/2"]} == {"CACHED"}


@pytest.mark.parametrize("what", ["manifests/", "blobs/"])
def test_a_cache_that_is_throttled_is_told_and_the_build_succeeds(
    forgetful: SmallBuild, machines: Machines, tmp_path: Path, what: str
) -> None:
    with throttling(tmp_path / "registry", machines.registry.host, f"^/v2/small-cache/{what}") as host:
        said = forgetful.steps(
            *STEPS,
            COMMIT=what[:5],
            REGISTRY=host,
            IMAGE_REPOSITORY=f"{host}/small",
            CACHE_REPOSITORY=f"{host}/small-cache",
            BASE_IMAGE=f"{host}/{BASE}:1",
        )
    assert re.search(r"! the cache cannot be read, so more layers were built than necessary: .*429", said)
    assert "! the cache cannot be written: the next build will be slower" in said


def test_a_cache_that_cannot_be_reached_is_told_and_the_build_succeeds(forgetful: SmallBuild) -> None:
    nobody = f"{addresses.own_address()}:{addresses.free_ports(addresses.own_address(), 1)[0]}"
    said = forgetful.steps(*STEPS, COMMIT="three", CACHE_REPOSITORY=f"{nobody}/small-cache")
    assert re.search(r"! the cache cannot be read.*connection refused", said)
    assert "! the cache cannot be written: the next build will be slower" in said


@pytest.fixture
def throttled_base(
    request: pytest.FixtureRequest,
    forgetful: SmallBuild,
    small: tuple[SmallBuild, DockerEngine],
    machines: Machines,
    tmp_path: Path,
) -> Iterator[ExitStack]:
    """A base image that the engine has not, in a registry that refuses so often; until it is closed."""
    _, engine = small
    engine.remove_images(f"*/{BASE}*")
    paths = f"^/v2/{BASE}/manifests/"
    with ExitStack() as up:
        host = up.enter_context(
            throttling(tmp_path / "registry", machines.registry.host, paths, first=request.param)
        )
        login = ("login", "--username", "AWS", "--password-stdin", host)
        config = forgetful.environment["HOME"] + "/.docker"
        engine.docker("--config", config, *login, stdin=machines.registry.password.encode())
        digest = machines.registry.digest(BASE, "1")  # pinned, as the service's own is
        forgetful.environment["BASE_IMAGE"] = f"{host}/{BASE}:1@{digest}"
        yield up


AGAIN = " of 5 failed, the next in 0 s: "


@pytest.mark.parametrize("throttled_base", [2], indirect=True)
def test_a_throttled_base_image_is_asked_for_again_and_then_never(
    forgetful: SmallBuild, throttled_base: ExitStack
) -> None:
    said = forgetful.steps("install", "login", "base_image", COMMIT="four")
    assert AGAIN in said
    assert f"pulled {forgetful.environment['BASE_IMAGE']}" in said
    throttled_base.close()  # now there is nobody who could be asked
    forgetful.steps("test", "build", COMMIT="four")


# BuildKit itself asks six times without a pause (containerd core/remotes/docker/resolver.go, retryRequest).
@pytest.mark.parametrize("throttled_base", [8], indirect=True)
@pytest.mark.usefixtures("throttled_base")
def test_a_throttle_that_docker_build_meets_is_waited_out(forgetful: SmallBuild) -> None:
    said = forgetful.steps("install", "login", "test", COMMIT="five")
    assert f"{AGAIN}failed to solve" in said
    assert "the tests pass" in said
