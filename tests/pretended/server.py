"""Programs that are pretended: each call of a script goes to the test's own process, where all can be seen.

What a script finds on its PATH is a few lines of shell (``CLIENT``), which start nothing and wait for the
answer: a script makes some thirty calls. A pretended program refuses what the real one refuses: calls and
options that it does not know, and options without which a call would not do what it is for.
"""

import re
import socketserver
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from tests.pretended.arguments import Refused

World = dict[str, Any]
Perform = Callable[[World, list[str]], tuple[int, str]]

CLIENT = """#!/bin/bash
exec 3<>/dev/tcp/127.0.0.1/@port@
if [[ "${1:-}" == login ]]; then
  IFS= read -r -d '' given
  set -- "${@}" "<${given}" "${DOCKER_CONFIG}"
elif [[ "${0##*/}" == ruby ]]; then
  set -- "AWS_REGION=${AWS_REGION:-}" "${@}"
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
        self.client = CLIENT.replace("@port@", str(self.server_address[1]))
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()


class Call(socketserver.StreamRequestHandler):
    """One call of a program."""

    server: Server

    def handle(self) -> None:
        words = [self._word() for _ in range(int(self._word()) + 1)]
        if (hangs := self.server.world["hangs"]) and re.search(hangs, " ".join(words)):
            self.server.world["calls"].append(" ".join(words))
            self.rfile.read()  # until whoever waits for the answer is ended
            return
        with self.server.lock:
            status, said = self.server.perform(self.server.world, words)
            self.server.afterwards(self.server, words)
        with suppress(OSError):  # whoever was killed does not listen any more
            self.wfile.write(f"{status}\n{said}".encode())

    def _word(self) -> str:
        word = b""
        while (byte := self.rfile.read(1)) != b"\0":
            word += byte
        return word.decode()


def fail_where_told(world: World, line: str) -> None:
    """Raises Refused if a call matches one of the world's faults, which says how often."""
    for fault in world["faults"]:
        if re.search(fault["call"], line) and fault["times"]:
            fault["times"] -= 1
            raise Refused(fault["says"])
