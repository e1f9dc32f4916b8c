"""Runs a command in a terminal of its own, as a shell would, and keeps everything that it draws there."""

import fcntl
import os
import pty
import signal
import struct
import subprocess
import sys
import termios
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread

from tests.waiting import wait_until

ROOT = Path(__file__).parents[2]
CTRL_C = b"\x03"


@dataclass
class Terminal:
    """A terminal with a command at work in it, and everything that was written to it."""

    controller: int
    process: "subprocess.Popen[bytes]"
    written: list[bytes] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Everything, with what a terminal obeys."""
        return b"".join(self.written).decode()

    def read(self) -> None:
        """Take what is written to it, to the end."""
        while True:
            try:
                some = os.read(self.controller, 65536)
            except OSError:  # the command has ended, and nobody holds the other end
                return
            if not some:
                return
            self.written.append(some)

    def wait_for(self, text: str) -> None:
        """Go on once this was written."""
        wait_until(lambda: text in self.text, f"{text!r} on the terminal")

    def interrupt(self) -> int:
        """Ctrl-C; the exit code."""
        os.write(self.controller, CTRL_C)
        return self.process.wait(timeout=30)


@contextmanager
def terminal(
    *command: str, directory: Path, variables: Mapping[str, str], columns: int = 100, lines: int = 30
) -> Iterator[Terminal]:
    """Run a command in a terminal of its own, as a shell would."""
    controller, other = pty.openpty()
    fcntl.ioctl(controller, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
    process = subprocess.Popen(
        [sys.executable, "-c", "from slipway.cli import main; main()", *command],
        cwd=directory,
        env={**variables, "PYTHONPATH": f"{ROOT}:{ROOT / 'scripts'}"},
        stdin=other,
        stdout=other,
        stderr=other,
        preexec_fn=lambda: _take(other),  # noqa: PLW1509 - it only takes the terminal
    )
    os.close(other)
    made = Terminal(controller, process)
    reader = Thread(target=made.read)
    reader.start()
    try:
        yield made
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
        process.wait()
        reader.join()
        os.close(controller)


def _take(other: int) -> None:
    """Become the one whom Ctrl-C in this terminal reaches."""
    os.setsid()
    fcntl.ioctl(other, termios.TIOCSCTTY, 0)
