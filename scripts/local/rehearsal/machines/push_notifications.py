"""Receives the registry's notifications of pushed images over HTTP.

distribution.github.io/distribution/about/notifications
"""

import json
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


@dataclass(frozen=True)
class Push:
    """A manifest that was pushed with a tag."""

    repository: str
    digest: str
    tag: str


@contextmanager
def listening(address: str, log: Path, on_push: Callable[[Push], None]) -> Iterator[str]:
    """Receives notifications while the block runs; yields the URL that the registry has to notify.

    on_push: called in another thread. log: receives its tracebacks. If a rehearsal is interrupted, the
    registry ends while a push is being handled, so a failure there does not fail the rehearsal.
    """

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            """Answers 500 if a push cannot be handled, so that the registry sends it again."""
            envelope = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            try:
                for push in pushes(envelope):
                    on_push(push)
            except Exception:
                self.send_error(500)
                raise
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Requests are not logged."""

    class Server(ThreadingHTTPServer):
        daemon_threads = False  # closing waits for requests in progress

        def handle_error(self, *_: object) -> None:
            """Writes the traceback to the log; http.server would print it to stderr."""
            with log.open("a", encoding="utf-8") as out:
                traceback.print_exc(file=out)

    with Server((address, 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield f"http://{address}:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join()


def pushes(envelope: dict[str, list[dict[str, dict[str, str] | str]]]) -> Iterator[Push]:
    """The pushes of tagged manifests among the events; those of layers, and pulls, are left out."""
    for event in envelope["events"]:
        target = event["target"]
        if event["action"] == "push" and isinstance(target, dict) and target.get("tag"):
            yield Push(target["repository"], target["digest"], target["tag"])
