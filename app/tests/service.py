"""The service as a separate process, on a free port of this machine."""

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
"""The timeout of every wait, in seconds; only a failing test takes that long."""

Line = dict[str, Any]


class Service:
    """A running service and its log."""

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
        """Parse every line as JSON; a line that is not JSON fails the test that waits for it."""
        assert self.process.stdout
        for line in self.process.stdout:
            self._coming.put(json.loads(line))

    def wait_for_log(self, pattern: str) -> re.Match[str]:
        """Wait for the next line whose message matches ``pattern``."""
        end = time.monotonic() + PATIENCE_SECONDS
        while True:
            line = self._coming.get(timeout=max(0.01, end - time.monotonic()))
            self.lines.append(line)
            if found := re.search(pattern, line["message"]):
                return found

    def rest_of_log(self) -> list[Line]:
        """Return all remaining lines, once the process has ended."""
        self.process.wait(PATIENCE_SECONDS)
        self._reader.join()
        return list(self._coming.queue)

    def listening(self) -> int:
        """Wait until the service listens; return its port."""
        return int(self.wait_for_log(r"running on http://127\.0\.0\.1:(\d+)")[1])

    def terminate(self) -> None:
        """Send SIGTERM, and wait until the service has logged it."""
        self.process.send_signal(signal.SIGTERM)
        self.wait_for_log("told to stop: SIGTERM")

    def exit_status(self) -> int:
        """Wait until the process ends; return its exit status."""
        return self.process.wait(PATIENCE_SECONDS)


def get(port: int, path: str) -> tuple[int, Line]:
    """Request a page over a new connection; return status and JSON."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, json.load(answer)
    finally:
        connection.close()


def wait_until(true: Callable[[], bool]) -> None:
    """Poll until ``true()`` is true."""
    end = time.monotonic() + PATIENCE_SECONDS
    while not true():
        assert time.monotonic() < end, f"still false after {PATIENCE_SECONDS} s"
        time.sleep(0.02)
