"""A registry on this machine that requires ECR's login.

Debian's docker-registry stores the images. haproxy in front of it checks the user and the password that
`aws ecr get-login-password` prints, so that no password file for the registry is needed. A proxy between
the two limits the bandwidth.
"""

import json
import secrets
import urllib.error
import urllib.request
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from local.rehearsal.machines import addresses, push_notifications, throttled_proxy
from local.rehearsal.machines.programs import serving
from local.rehearsal.machines.push_notifications import Push

if TYPE_CHECKING:
    from mypy_boto3_ecr.client import ECRClient

PROGRAMS = {"docker-registry": "docker-registry", "haproxy": "haproxy"}
USER = "AWS"
MANIFESTS = ", ".join(
    (
        "application/vnd.docker.distribution.manifest.v2+json",
        "application/vnd.docker.distribution.manifest.list.v2+json",
        "application/vnd.oci.image.manifest.v1+json",
        "application/vnd.oci.image.index.v1+json",
    )
)
OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # no proxy for loopback


@dataclass(frozen=True)
class ImageRegistry:
    """A registry. host: address and port in the images' names; password: of the user AWS."""

    host: str
    password: str

    def digest(self, repository: str, tag: str) -> str | None:
        """The digest that a tag names; None if the tag does not exist."""
        try:
            with OPENER.open(self._manifest(repository, tag)) as answer:
                digest: str = answer.headers["Docker-Content-Digest"]
                return digest
        except urllib.error.HTTPError as error:
            if error.code == 404:
                return None
            raise

    def manifest(self, repository: str, digest: str) -> str:
        """The manifest of an image, byte for byte."""
        with OPENER.open(self._manifest(repository, digest)) as answer:
            content: bytes = answer.read()
            return content.decode("utf-8")

    def _manifest(self, repository: str, reference: str) -> urllib.request.Request:
        login = b64encode(f"{USER}:{self.password}".encode()).decode("ascii")
        return urllib.request.Request(
            f"http://{self.host}/v2/{repository}/manifests/{reference}",
            headers={"Accept": MANIFESTS, "Authorization": f"Basic {login}"},
        )


def password(ecr: "ECRClient") -> str:
    """The password that `aws ecr get-login-password` prints."""
    token = ecr.get_authorization_token()["authorizationData"][0]["authorizationToken"]
    return b64decode(token).decode("ascii").partition(":")[2]


OnPush = Callable[[ImageRegistry, Push], None]


@contextmanager
def registry(directory: Path, address: str, password: str, pushed: OnPush) -> Iterator[ImageRegistry]:
    """A registry while the block runs. directory: for its images; pushed: called after each push."""
    directory.mkdir()
    outside, between, inside = addresses.free_ports(address, 3)
    here = ImageRegistry(f"{address}:{outside}", password)
    log = directory / "notifications.log"
    with push_notifications.listening(address, log, lambda push: pushed(here, push)) as notify:
        settings = _written(directory / "config.yml", _settings(directory, f"{address}:{inside}", notify))
        front = _written(directory / "haproxy.cfg", _front(here, f"{address}:{between}"))
        with (
            serving(
                ["docker-registry", "serve", str(settings)],
                directory / "registry.log",
                ready=lambda: addresses.accepts(address, inside),
            ),
            serving(
                throttled_proxy.command(address, between, inside),
                directory / "network.log",
                ready=lambda: addresses.accepts(address, between),
            ),
            serving(
                ["haproxy", "-db", "-f", str(front)],
                directory / "haproxy.log",
                ready=lambda: addresses.accepts(address, outside),
            ),
        ):
            yield here


def _written(path: Path, text: str) -> Path:
    path.touch(mode=0o600)  # it may contain the password
    path.write_text(text, encoding="utf-8")
    return path


def _settings(directory: Path, listen: str, notify: str) -> str:
    """The registry's config.yml, as JSON: distribution.github.io/distribution/about/configuration."""
    endpoint = {"name": "rehearsal", "url": notify, "timeout": "5s", "threshold": 3, "backoff": "1s"}
    return json.dumps(
        {
            "version": "0.1",
            "log": {"level": "warn", "accesslog": {"disabled": True}},
            "storage": {"filesystem": {"rootdirectory": str(directory / "images")}},
            "http": {"addr": listen, "secret": secrets.token_hex()},
            "notifications": {"endpoints": [endpoint]},
        }
    )


def _front(here: ImageRegistry, behind: str) -> str:
    """haproxy.cfg: requires the password with HTTP basic authentication, as ECR does."""
    return f"""\
defaults
  mode http
  timeout connect 5s
  timeout client 5m
  timeout server 5m
userlist ecr
  user {USER} insecure-password {here.password}
frontend registry
  bind {here.host}
  http-request auth realm ecr unless {{ http_auth(ecr) }}
  default_backend images
backend images
  server registry {behind}
"""
