"""Runs commands one after another; variables and the working directory carry over to the next command.

AWS documents that all commands run in one instance of the shell (build-spec-ref.html, versions). Real
builds run a script for each command, which carries over variables, exported or not, and the working
directory, and sets CODEBUILD_LAST_EXIT. This module does the same: a buildspec that relies on more, such
as a function from another command, fails here.
"""

import shlex
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Self

from local.rehearsal.codebuild.environment import as_script
from slipway.processes.program import Program, ignore, run

SCRIPT = """\
exec 2>&1
set -a
. {variables}
cd "$(cat {directory})" || exit
{command}
CODEBUILD_LAST_EXIT=$?
export -p > {variables}
pwd > {directory}
exit $CODEBUILD_LAST_EXIT
"""


class Shell:
    """The state between commands, in a temporary directory; a context manager that removes it."""

    def __init__(self, name: str, *, variables: Mapping[str, str], directory: Path) -> None:
        self._name = name
        self._state = TemporaryDirectory(prefix="slipway-build-")
        self._variables = Path(self._state.name, "variables.sh")
        self._directory = Path(self._state.name, "directory")
        self._variables.write_text(as_script(variables))
        self._directory.write_text(str(directory))
        self._path = variables.get("PATH", "/usr/local/bin:/usr/bin:/bin")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._state.cleanup()

    async def run(self, command: str, on_line: Callable[[str], None] = ignore) -> int:
        """Runs one command; its exit code. on_line: called with each line of its output."""
        script = Path(self._state.name, "script.sh")
        script.write_text(
            SCRIPT.format(
                variables=shlex.quote(str(self._variables)),
                directory=shlex.quote(str(self._directory)),
                command=command,
            )
        )
        # Only PATH: the other variables come from the file, so that one that a command unsets stays unset.
        program = Program((self._name, str(script)), Path(self._state.name), {"PATH": self._path})
        return (await run(program, on_line)).exit_code

    def set(self, name: str, value: str) -> None:
        """Sets a variable for the commands that follow."""
        with self._variables.open("a") as file:
            file.write(as_script({name: value}))

    async def values(self, names: Sequence[str]) -> dict[str, str]:
        """The current values of variables; empty for one that is not set."""
        values: dict[str, str] = {}
        for name in names:
            lines: list[str] = []
            await self.run(f'printf "%s\\n" "${{{name}-}}"', lines.append)
            values[name] = "\n".join(lines)
        return values
