"""Runs commands one after another; variables and the working directory carry over to the next command.

AWS documents that all commands run in one instance of the shell (build-spec-ref.html, versions). Real
builds run a script for each command, which carries over variables, exported or not, and the working
directory, and sets CODEBUILD_LAST_EXIT. This module does the same: a buildspec that relies on more, such
as a function from another command, fails here.

A background task runs on until the end of the build, and no command waits for it (build-env-ref-background-
tasks.html). Its output is shown while a later command runs.
"""

import asyncio
import os
import shlex
import signal
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Self

from local.rehearsal.codebuild.environment import as_script
from slipway.processes.program import Program, ignore, run

FOLLOW_SECONDS = 0.05
"""Seconds between two looks at the output of a running command."""
SCRIPT = """\
echo $$ >> {sessions}
exec >> {output} 2>&1
set -a
. {variables}
cd "$(cat {directory})" || exit
{command}
CODEBUILD_LAST_EXIT=$?
export -p > {variables}
pwd > {directory}
exit $CODEBUILD_LAST_EXIT
"""


class _Output:
    """The output of commands and their background tasks: a file, because a pipe stays open with a task."""

    def __init__(self, path: Path) -> None:
        path.touch()
        self.path = path
        self._file = path.open("rb")
        self._unfinished = b""

    def lines(self, *, whole: bool = True) -> list[str]:
        """The lines since the last call. whole: whether to keep back one that is not finished."""
        *lines, self._unfinished = (self._unfinished + self._file.read()).split(b"\n")
        if self._unfinished and not whole:
            lines.append(self._unfinished)
            self._unfinished = b""
        return [line.decode("utf-8", "replace") for line in lines]

    async def follow(self, on_line: Callable[[str], None]) -> None:
        """Passes on lines until it is cancelled."""
        while True:
            await asyncio.sleep(FOLLOW_SECONDS)
            for line in self.lines():
                on_line(line)

    def close(self) -> None:
        """Closes the file."""
        self._file.close()


class Shell:
    """The state between commands, in a temporary directory; a context manager that removes it.

    It also ends the background tasks.
    """

    def __init__(self, name: str, *, variables: Mapping[str, str], directory: Path) -> None:
        self._name = name
        self._state = TemporaryDirectory(prefix="slipway-build-")
        self._variables = Path(self._state.name, "variables.sh")
        self._directory = Path(self._state.name, "directory")
        self._sessions = Path(self._state.name, "sessions")
        self._output = _Output(Path(self._state.name, "output"))
        self._variables.write_text(as_script(variables))
        self._directory.write_text(str(directory))
        self._path = variables.get("PATH", "/usr/local/bin:/usr/bin:/bin")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for session in self._sessions.read_text().split() if self._sessions.exists() else ():
            # Its first process, the shell, has ended: if there is one with its id, it is another one.
            if not Path("/proc", session).exists():
                with suppress(ProcessLookupError, PermissionError):
                    os.killpg(int(session), signal.SIGKILL)
        self._output.close()
        self._state.cleanup()

    async def run(self, command: str, on_line: Callable[[str], None] = ignore) -> int:
        """Runs one command; its exit code. on_line: called with each line of its output."""
        return await self._run(command, self._output, on_line)

    async def _run(self, command: str, output: _Output, on_line: Callable[[str], None]) -> int:
        script = Path(self._state.name, "script.sh")
        script.write_text(
            SCRIPT.format(
                sessions=shlex.quote(str(self._sessions)),
                output=shlex.quote(str(output.path)),
                variables=shlex.quote(str(self._variables)),
                directory=shlex.quote(str(self._directory)),
                command=command,
            )
        )
        # Only PATH: the other variables come from the file, so that one that a command unsets stays unset.
        program = Program((self._name, str(script)), Path(self._state.name), {"PATH": self._path})
        following = asyncio.ensure_future(output.follow(on_line))
        try:
            return (await run(program)).exit_code
        finally:
            following.cancel()
            for line in output.lines(whole=False):
                on_line(line)

    def set(self, name: str, value: str) -> None:
        """Sets a variable for the commands that follow."""
        with self._variables.open("a") as file:
            file.write(as_script({name: value}))

    async def values(self, names: Sequence[str]) -> dict[str, str]:
        """The current values of variables; empty for one that is not set."""
        values: dict[str, str] = {}
        for name in names:
            output, lines = _Output(Path(self._state.name, f"value-{name}")), list[str]()
            await self._run(f'printf "%s\\n" "${{{name}-}}"', output, lines.append)
            output.close()
            values[name] = "\n".join(lines)
        return values
