"""The service as a process of its own, on a free port of this machine."""

import http.client
import json
import os
import queue
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Self

ROOT = Path(__file__).parents[2]
PATIENCE_SECONDS = 30
"""How long anything is waited for that has to come; only a test that fails takes so long."""

Line = dict[str, Any]


class Service:
    """A running service, its log as it comes, and its end."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "app"],
            cwd=ROOT,
            env={"HOST": "127.0.0.1", "PORT": "0", "PATH": os.environ["PATH"], **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.lines: list[Line] = []
        self._coming: queue.Queue[Line] = queue.Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait()
        self._reader.join()
        for stream in (self.process.stdout, self.process.stderr):
            assert stream
            stream.close()

    def _read(self) -> None:
        """Take each line as JSON; one that is none fails the test that waits for it."""
        assert self.process.stdout
        for line in self.process.stdout:
            self._coming.put(json.loads(line))

    def wait_for_log(self, pattern: str) -> re.Match[str]:
        """Wait for the next line whose message is like this."""
        end = time.monotonic() + PATIENCE_SECONDS
        while True:
            line = self._coming.get(timeout=max(0.01, end - time.monotonic()))
            self.lines.append(line)
            if found := re.search(pattern, line["message"]):
                return found

    def rest_of_log(self) -> list[Line]:
        """Every line that was not waited for, once the process has ended."""
        self.process.wait(PATIENCE_SECONDS)
        self._reader.join()
        return list(self._coming.queue)

    def listening(self) -> int:
        """Wait until the service listens, and on which port."""
        return int(self.wait_for_log(r"running on http://127\.0\.0\.1:(\d+)")[1])

    def terminate(self) -> None:
        """Tell it to stop, and wait until it knows."""
        self.process.send_signal(signal.SIGTERM)
        self.wait_for_log("told to stop: SIGTERM")

    def exit_status(self) -> int:
        """Wait for the end."""
        return self.process.wait(PATIENCE_SECONDS)


def get(port: int, path: str) -> tuple[int, Line]:
    """Ask for a page over a connection of its own."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, json.load(answer)
    finally:
        connection.close()


def wait_until(true: Callable[[], bool]) -> None:
    """Poll until it is so."""
    end = time.monotonic() + PATIENCE_SECONDS
    while not true():
        assert time.monotonic() < end, f"not so after {PATIENCE_SECONDS} s"
        time.sleep(0.02)
