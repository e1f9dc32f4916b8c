"""The registry and the load balancer of a rehearsal, as they really run: small, quick, on loopback."""

import asyncio
import io
import shutil
import tarfile
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from local.emulator.process import Emulator
from local.rehearsal.load_generator import HttpClient
from local.rehearsal.machines import addresses, ecr_mirror, registry
from local.rehearsal.machines.docker_engine import DockerEngine, engines
from local.rehearsal.machines.load_balancer import HaproxyBalancer, HaproxyTargets, load_balancer
from local.rehearsal.machines.push_notifications import Push
from local.rehearsal.machines.registry import ImageRegistry
from local.rehearsal.machines.routes import FixedResponse, Forward, Route
from local.rehearsal.machines.target_group import TargetGroupSettings
from slipway.aws.clients import Aws
from slipway.aws.errors import RefusedError
from slipway.console.errors import SlipwayError
from tests.integration.pipelines import REGION, wait_for

pytestmark = pytest.mark.integration

GROUP = TargetGroupSettings(
    name="hosts", health_path="/readyz", interval=1, timeout=1, healthy=2, unhealthy=2, deregistration_delay=1
)


@pytest.fixture(autouse=True)
def programs() -> None:
    missing = [each for each in ("haproxy", "docker-registry") if shutil.which(each) is None]
    if missing:
        pytest.skip(f"not on the PATH: {', '.join(missing)}")


class Service:
    """A host's service that a test makes ready, or not."""

    def __init__(self, port: int) -> None:
        self.port, self.ready = port, True


@contextmanager
def service(address: str, commit: str) -> Iterator[Service]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            body = f'{{"commit": "{commit}"}}'.encode()
            self.send_response(200 if made.ready or self.path != GROUP.health_path else 503)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Quiet."""

    class Server(ThreadingHTTPServer):
        def handle_error(self, *_: object) -> None:
            """The load balancer closes connections when it likes."""

    with Server((address, 0), Handler) as server:
        made = Service(server.server_port)
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield made
        server.shutdown()


@pytest.fixture
def host() -> Iterator[Service]:
    with service(addresses.own_address(), "c1") as made:
        yield made


@pytest.fixture
def balancer(tmp_path: Path, host: Service) -> Iterator[HaproxyBalancer]:
    hosts = {GROUP: {"host-1": host.port}}
    with load_balancer(tmp_path / "lb", addresses.own_address(), hosts) as running:
        running.follow([Route((), (), Forward(GROUP.name))])
        yield running


@pytest.fixture
def targets(balancer: HaproxyBalancer) -> HaproxyTargets:
    return balancer.targets[GROUP.name]


def asked(balancer: HaproxyBalancer, host: str = "a.example.com", path: str = "/") -> tuple[str, str]:
    """The commit that answers through the load balancer, or what fails."""
    answer = asyncio.run(HttpClient(balancer.address, balancer.port, keep=False, host=host).ask(path))
    return answer.commit, answer.failure


def test_it_routes_as_a_listener_does_and_answers_by_itself_what_its_default_says(tmp_path: Path) -> None:
    address = addresses.own_address()
    one, two, none = (replace(GROUP, name=name) for name in ("one", "two", "none"))
    listener = [
        Route(("*.b.example.com", "b.example.com"), (), Forward("two")),
        Route(("c.example.com",), (), Forward("none")),
        Route(("d.example.com",), (), Forward("elsewhere")),
        Route((), ("/static/*",), Forward("two")),
        Route(("a.example.com",), (), Forward("one")),
        Route((), (), FixedResponse(404, "application/json", '{"no": "such host; 100% of them"}')),
    ]
    with (
        service(address, "c1") as first,
        service(address, "c2") as second,
        load_balancer(
            tmp_path / "lb",
            address,
            {one: {"h1": first.port}, two: {"h2": second.port}, none: {"h3": first.port}},
        ) as balancer,
    ):
        assert asked(balancer) == ("", "ValueError: answered 503")  # it has no routes yet
        for name, host in (("one", "h1"), ("two", "h2")):
            asyncio.run(balancer.targets[name].register(host))
        balancer.follow(listener)
        expected = {
            ("a.example.com", "/"): "c1",
            ("A.Example.COM:8443", "/"): "c1",
            ("b.example.com", "/"): "c2",
            ("x.b.example.com", "/"): "c2",
            ("x.b.example.com.evil.org", "/"): "",
            ("a.example.com", "/static/x?y=/z"): "c2",
        }
        assert {request: asked(balancer, *request)[0] for request in expected} == expected
        own = balancer.own_errors()
        for without_targets in ("c.example.com", "d.example.com"):
            assert asked(balancer, without_targets) == ("", "ValueError: answered 503")
        assert balancer.own_errors() == own + 2
        second.ready = False
        assert asked(balancer, "b.example.com", GROUP.health_path) == ("", "ValueError: answered 503")
        assert (balancer.own_errors(), balancer.errors_of("two")) == (own + 2, 1)
        with pytest.raises(urllib.error.HTTPError, match="404") as refused:
            urllib.request.urlopen(f"http://{balancer.address}:{balancer.port}/", timeout=5)
        assert refused.value.headers["content-type"] == "application/json"
        assert refused.value.read() == b'{"no": "such host; 100% of them"}'

        balancer.follow([*listener[1:5], Route((), (), Forward("one"))])  # the rule of two is deleted
        assert asked(balancer, "b.example.com") == ("c1", "")


def test_a_host_gets_requests_only_once_it_is_registered_and_healthy(
    balancer: HaproxyBalancer, targets: HaproxyTargets, host: Service
) -> None:
    assert asked(balancer) == ("", "ValueError: answered 503")
    host.ready = False
    threading.Timer(1.5, lambda: setattr(host, "ready", True)).start()

    async def register() -> list[str]:
        registering = asyncio.create_task(targets.register("host-1"))
        seen = []
        while not registering.done():
            seen += targets.serving() if not host.ready else []
            await asyncio.sleep(0.02)
        await registering
        return seen

    assert asyncio.run(register()) == []
    assert asked(balancer) == ("c1", "")


def test_a_host_that_never_is_healthy_is_told_and_gets_nothing(
    balancer: HaproxyBalancer, targets: HaproxyTargets, host: Service
) -> None:
    host.ready = False
    with pytest.raises(SlipwayError, match="host-1 is not healthy after 5 s"):
        asyncio.run(targets.register("host-1"))
    assert asked(balancer) == ("", "ValueError: answered 503")


def test_a_host_drains_for_the_deregistration_delay_and_gets_nothing_new(targets: HaproxyTargets) -> None:
    asyncio.run(targets.register("host-1"))

    async def deregister() -> float:
        began = time.monotonic()
        draining = asyncio.create_task(targets.deregister("host-1"))
        while targets.serving() and not draining.done():
            await asyncio.sleep(0.02)
        assert not draining.done()
        await draining
        return time.monotonic() - began

    assert asyncio.run(deregister()) >= GROUP.deregistration_delay
    assert targets.targets()["host-1"].in_maintenance


def test_a_host_that_is_out_already_does_not_drain_again(
    targets: HaproxyTargets, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(targets, "group", replace(GROUP, deregistration_delay=600))
    asyncio.run(targets.deregister("host-1"))


def test_a_host_on_which_nothing_runs_is_attached_and_gets_nothing(
    balancer: HaproxyBalancer, targets: HaproxyTargets, host: Service
) -> None:
    host.ready = False
    targets.attach("host-1")
    assert not targets.targets()["host-1"].in_maintenance
    assert asked(balancer) == ("", "ValueError: answered 503")


@pytest.fixture
def store(tmp_path: Path, emulated: Emulator) -> Iterator[tuple[ImageRegistry, Aws]]:
    """A registry, and the emulated ECR that it notifies of pushes."""
    clients = Aws(REGION, emulated.environment)
    clients.ecr.create_repository(repositoryName="my-app", imageScanningConfiguration={"scanOnPush": True})
    password = registry.password(clients.ecr)
    try:
        with registry.registry(
            tmp_path / "registry",
            addresses.own_address(),
            password,
            lambda here, push: ecr_mirror.mirror(clients.ecr, here, push),
        ) as running:
            yield running, clients
    finally:
        clients.ecr.delete_repository(repositoryName="my-app", force=True)


@pytest.fixture
def engine() -> Iterator[DockerEngine]:
    directory = Path(tempfile.mkdtemp(prefix="slipway-test-"))
    try:
        with engines(directory, 1) as (one,):
            yield one
    except SlipwayError as error:
        pytest.skip(str(error))
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def pushed(engine: DockerEngine, store: ImageRegistry, tag: str, *, content: bytes) -> str:
    """Makes an image of one file and pushes it, logged in as the build does; its digest."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        entry = tarfile.TarInfo("content")
        entry.size = len(content)
        archive.addfile(entry, io.BytesIO(content))
    image = f"{store.host}/my-app:{tag}"
    engine.docker("import", "-", image, stdin=packed.getvalue())
    engine.docker("login", "--username", "AWS", "--password-stdin", store.host, stdin=store.password.encode())
    engine.docker("push", image)
    digest = store.digest("my-app", tag)
    assert digest
    return digest


def test_what_is_pushed_is_in_ecr_under_its_own_digest_and_scanned(
    store: tuple[ImageRegistry, Aws], engine: DockerEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path / "docker"))
    here, clients = store
    digest = pushed(engine, here, "c1", content=b"one")

    def tags() -> list[str]:
        images = clients.ecr.describe_images(repositoryName="my-app")["imageDetails"]
        return [tag for image in images if image["imageDigest"] == digest for tag in image["imageTags"]]

    wait_for(lambda: tags() == ["c1"], "ECR knows the image")
    wait_for(lambda: _is_scanned(clients, digest), "ECR has scanned the image")
    assert pushed(engine, here, "latest", content=b"two") != digest
    again = pushed(engine, here, "latest", content=b"three")
    wait_for(
        lambda: (
            clients.ecr.describe_images(repositoryName="my-app", imageIds=[{"imageTag": "latest"}])[
                "imageDetails"
            ][0]["imageDigest"]
            == again
        ),
        "latest has moved",
    )
    assert tags() == ["c1"]
    for tag in ("c1", "c1-again"):  # the one is there already, and the other was scanned today
        ecr_mirror.mirror(clients.ecr, here, Push("my-app", digest, tag))
    assert tags() == ["c1", "c1-again"]


def _is_scanned(clients: Aws, digest: str) -> bool:
    try:
        found = clients.ecr.describe_image_scan_findings(
            repositoryName="my-app", imageId={"imageDigest": digest}
        )
    except RefusedError as error:
        if error.code != "ScanNotFoundException":
            raise
        return False
    return found["imageScanStatus"]["status"] == "COMPLETE"


def test_whoever_does_not_know_the_password_is_not_let_in(store: tuple[ImageRegistry, Aws]) -> None:
    here, _ = store
    with pytest.raises(urllib.error.HTTPError, match="401"):
        ImageRegistry(here.host, "guessed").digest("my-app", "latest")
    assert here.digest("my-app", "latest") is None
