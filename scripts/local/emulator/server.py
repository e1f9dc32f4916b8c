"""Serves moto, with its gaps filled, on loopback.

Import it only after the environment is prepared: moto reads its settings from the environment on import.
"""

import logging
import socket
import threading
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from moto.moto_server.werkzeug_app import (
    DomainDispatcherApplication,
    MotoRequestHandler,
    create_backend_app,
)
from werkzeug.serving import make_server

from local.emulator.call_recorder import recorded
from local.emulator.strict.door import guarded
from local.emulator.strict.propagation import AT_ONCE, Propagation

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

HOST = "127.0.0.1"
BACKLOG = 128


def start(
    account: str,
    *,
    calls: Path | None = None,
    findings: Path | None = None,
    propagation: Propagation = AT_ONCE,
) -> str:
    """Starts serving on a free port in another thread; the endpoint's URL.

    calls: the file in which calls are recorded. Default: none. findings: refuse what AWS refuses, and write
    unknown values into this file. Default: accept what moto does. propagation: when new IAM resources are
    visible to other services; needs findings. Default: at once.
    """
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    listener = socket.create_server((HOST, 0), backlog=BACKLOG)
    port = listener.getsockname()[1]
    application: WSGIApplication = DomainDispatcherApplication(create_backend_app)
    if findings:
        application = guarded(application, findings, account, propagation)
    if calls:
        application = recorded(application, calls.open("w", encoding="utf-8"))
    server = make_server(
        HOST,
        port,
        serial(application),
        threaded=True,
        request_handler=MotoRequestHandler,
        fd=listener.detach(),
    )
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://{HOST}:{port}"


def serial(application: "WSGIApplication") -> "WSGIApplication":
    """The application, which answers one request at a time, in whatever order they arrive.

    moto changes its records without locks: two requests at the same time can fail, or change half of one.
    """
    lock = threading.Lock()

    def answer(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        if length := environ.get("CONTENT_LENGTH"):  # a slow client delays no other
            environ["wsgi.input"] = BytesIO(environ["wsgi.input"].read(int(length)))
        with lock:
            return application(environ, start_response)

    return answer
