"""Programs that are pretended: each call of a script goes to the test's own process, where all can be seen.

What a script finds on its PATH is a few lines of shell (``CLIENT``), which start nothing and wait for the
answer: a script makes some thirty calls. A pretended program refuses what the real one refuses: calls and
options that it does not know, and options without which a call would not do what it is for.
"""

import re
import shutil
import socketserver
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from tests.pretended.arguments import Refused

World = dict[str, Any]
Perform = Callable[[World, list[str]], tuple[int, str]]

LIMITED = ("aws", "curl", "docker")
"""Programs that nothing may wait for without a limit."""
TIME_IS_UP = 124

CLIENT = """#!/bin/bash
# A limit on anything that is not pretended is a real one.
if [[ "${0##*/}" == timeout && ! " ${*} " =~ " docker "|" aws "|" curl " ]]; then
  exec @timeout@ "${@}"
fi
exec 3<>/dev/tcp/127.0.0.1/@port@
if [[ " ${0##*/} ${*}" == *" docker login "* ]]; then
  IFS= read -r -d '' given
  set -- "${@}" "<${given}" "${DOCKER_CONFIG}"
fi
printf '%s\\0' "${#}" "${0##*/}" "${@}" >&3
read -r status <&3
IFS= read -r -d '' said <&3
if ((status)); then printf '%s' "${said}" >&2; else printf '%s' "${said}"; fi
exit "${status}"
"""


class Server(socketserver.ThreadingTCPServer):
    """Takes calls for a world until it is closed.

    perform: does what a call asks for; its exit code, and what it says. afterwards: hears of each call.
    script: the process that makes them.
    """

    daemon_threads = True

    def __init__(
        self,
        world: World,
        perform: Perform,
        afterwards: "Callable[[Server, list[str]], None]" = lambda _server, _call: None,
    ) -> None:
        super().__init__(("127.0.0.1", 0), Call)
        self.world, self.perform, self.afterwards = world, perform, afterwards
        self.lock = threading.Lock()
        self.script = 0
        client = CLIENT.replace("@timeout@", shutil.which("timeout") or "/no/timeout")
        self.client = client.replace("@port@", str(self.server_address[1]))
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()


class Call(socketserver.StreamRequestHandler):
    """One call of a program."""

    server: Server

    def handle(self) -> None:
        words = [self._word() for _ in range(int(self._word()) + 1)]
        with self.server.lock:
            limit, call = limited(words)
            status, said = self._answer(limit, call)
            self.server.afterwards(self.server, call)
        with suppress(OSError):  # whoever was killed does not listen any more
            self.wfile.write(f"{status}\n{said}".encode(errors="surrogateescape"))

    def _answer(self, limit: float, call: list[str]) -> tuple[int, str]:
        """What hangs is ended, at once, as its limit would; what has none is written down."""
        world, line = self.server.world, " ".join(call)
        if "unlimited" in world and call[0] in LIMITED and not limit:
            world["unlimited"].append(line)
        if (hangs := world["hangs"]) and re.search(hangs, line):
            world["calls"].append(line)
            world["slept"] += limit
            return TIME_IS_UP, ""
        return self.server.perform(world, call)

    def _word(self) -> str:
        word = b""
        while (byte := self.rfile.read(1)) != b"\0":
            word += byte
        return word.decode()


def limited(words: list[str]) -> tuple[float, list[str]]:
    """How long a call may take, 0 for ever, and the call itself: timeout(1), with force if that is needed."""
    match words:
        case ["timeout", "--foreground", "--kill-after=5", limit, *call]:
            return float(limit), call
        case _:
            return 0, words


def fail_where_told(world: World, line: str) -> None:
    """Raises Refused if a call matches one of the world's faults, which says how often."""
    for fault in world["faults"]:
        if re.search(fault["call"], line) and fault["times"]:
            fault["times"] -= 1
            raise Refused(fault["says"])
