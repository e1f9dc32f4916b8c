"""Hears from a registry what was pushed to it: the registry's own notifications, over HTTP.

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
    """A manifest that came to be under a tag."""

    repository: str
    digest: str
    tag: str


@contextmanager
def listening(address: str, log: Path, on_push: Callable[[Push], None]) -> Iterator[str]:
    """Listens while the block runs; the URL to notify.

    on_push: called in a thread of its own. log: gets what failed there. A rehearsal that is interrupted
    ends the registry while a push is being handled, so a failure is not one of the rehearsal.
    """

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            """A failure is answered as one, so that the registry tells it again."""
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
            """Nobody reads it."""

    class Server(ThreadingHTTPServer):
        daemon_threads = False  # so that closing waits for what is being handled

        def handle_error(self, *_: object) -> None:
            """Called while the error is being handled; http.server would print it to standard error."""
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
    """What an envelope of events says of tags; layers and pulls are nothing to us."""
    for event in envelope["events"]:
        target = event["target"]
        if event["action"] == "push" and isinstance(target, dict) and target.get("tag"):
            yield Push(target["repository"], target["digest"], target["tag"])
