"""Writes scripts.log as CodeDeploy's agent does, and keeps the part that the console shows."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

CONSOLE = 2048
"""How many characters of a failed event's log CodeDeploy shows: hook_executor.rb, ScriptLog.append_to_log."""


NO_TEXT = "Exception JSON::GeneratorError occured"


def is_text(line: str) -> bool:
    """Whether a line was valid UTF-8: bytes that are not were decoded as surrogates."""
    return not any("\udc80" <= character <= "\udcff" for character in line)


def now() -> datetime:
    """The local time, with its time zone."""
    return datetime.now().astimezone()


class ScriptLog:
    """One deployment's ``logs/scripts.log`` on one host: hook_executor.rb, log_script.

    path: the file, which is created or appended to. on_line: called with each line. clock: replaced in tests.
    """

    def __init__(
        self, path: Path, on_line: Callable[[str], None], clock: Callable[[], datetime] = now
    ) -> None:
        self.path = path
        self._on_line = on_line
        self._clock = clock
        self._entries: list[str] = []
        path.parent.mkdir(parents=True, exist_ok=True)

    def write(self, entry: str) -> None:
        """Writes one line, with the time."""
        line = entry.rstrip("\n")
        with self.path.open("a", encoding="utf-8", errors="surrogateescape") as file:
            file.write(f"{self._clock():%Y-%m-%d %H:%M:%S} {line}\n")
        self._entries.append(f"{line}\n")
        self._on_line(line.encode(errors="surrogateescape").decode(errors="replace"))

    def warn(self, line: str) -> None:
        """Reports a line that the agent writes to its own log, not to scripts.log."""
        self._on_line(f"WARN {line}")

    def tail(self) -> str:
        """The last whole lines, as many as the console shows; ``NO_TEXT`` if one of them is not UTF-8.

        command_poller.rb, gather_diagnostics_from_script_error: if a part cannot be JSON, all of it is lost.
        """
        kept: list[str] = []
        room = CONSOLE
        for entry in reversed(self._entries):
            room -= len(entry)
            if room <= 0:
                break
            kept.append(entry)
        shown = "".join(reversed(kept))
        return shown if is_text(shown) else NO_TEXT
