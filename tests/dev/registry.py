"""A registry on loopback that knows indexes by their tags, asks for a token, and can be told to lie."""

import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

TOKEN = "for-anybody"
INDEX = "application/vnd.oci.image.index.v1+json"


def index(*platforms: str) -> bytes:
    """An index of images for these platforms, and an attestation beside them as builders leave it."""
    names = [each.partition("/") for each in (*platforms, "unknown/unknown")]
    entries = [{"platform": {"os": system, "architecture": machine}} for system, _, machine in names]
    return json.dumps({"schemaVersion": 2, "mediaType": INDEX, "manifests": entries}).encode()


def digest(content: bytes) -> str:
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


class Registry(ThreadingHTTPServer):
    """tags: contents by name and tag. asks: whether it wants a token. says: a digest, if not the true one."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.tags: dict[str, bytes] = {}
        self.asks = True
        self.says = ""
        self.scopes: list[str] = []

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.server_address[1]}"


class Answer(BaseHTTPRequestHandler):
    server: Registry

    def do_GET(self) -> None:
        here = self.server
        if self.path.startswith("/token?"):
            here.scopes.append(self.path.partition("?")[2])
            self._send(200, json.dumps({"token": TOKEN}).encode())
        elif here.asks and self.headers.get("Authorization") != f"Bearer {TOKEN}":
            challenge = f'Bearer realm="http://{here.host}/token",service="here"'
            self._send(401, b"{}", {"WWW-Authenticate": challenge})
        else:
            self._manifest(self.path.removeprefix("/v2/").replace("/manifests/", ":"))

    def _manifest(self, name: str) -> None:
        content = self.server.tags.get(name)
        if content is None or INDEX not in self.headers["Accept"]:
            self._send(404, b"{}")
        else:
            said = self.server.says or digest(content)
            self._send(200, content, {"Docker-Content-Digest": said})

    def _send(self, status: int, content: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {**(headers or {}), "Content-Length": str(len(content))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: ANN401  # as it is called
        """Nothing is said."""


@contextmanager
def serving() -> Iterator[Registry]:
    here = Registry()
    thread = threading.Thread(target=here.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield here
    finally:
        here.shutdown()
        here.server_close()
        thread.join()
