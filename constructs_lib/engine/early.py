"""Starts Node before jsii is imported: importing jsii takes a tenth of a second, in which Node can start.

Node is started with the arguments and variables that jsii used the last time, which are recorded in the
environment. If jsii starts the same process again, it gets this one; otherwise this one is ended.
"""

import atexit
import json
import os
import stat
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

from constructs_lib.engine.preloading import kept, preloading

LONGEST = 65_536  # bytes
PIPES: Mapping[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}


class EarlyNode:
    """A Node process that jsii can use.

    preloads: JavaScript files that Node runs first, as ``PipelinedNode`` starts it.
    """

    def __init__(self, preloads: Sequence[Path]) -> None:
        folder = kept()
        self._record = folder and folder / "node.json"
        self._process: subprocess.Popen[bytes] | None = None
        self._started: tuple[object, Mapping[str, object]] | None = None
        with suppress(Exception):  # whatever the record has: jsii starts Node itself then
            if self._record and _is_record(self._record):
                self._start(preloads, json.loads(self._record.read_text()))

    def _start(self, preloads: Sequence[Path], last: Mapping[str, Any]) -> None:
        with preloading(*preloads):
            environment = {**os.environ, **last["variables"]}
        self._process = subprocess.Popen(last["arguments"], env=environment, **PIPES)
        self._started = (last["arguments"], {**PIPES, "env": environment})
        atexit.register(self.stop)

    def stop(self) -> None:
        """End the process, unless jsii uses it."""
        process, self._process = self._process, None
        if process:
            process.kill()
            for pipe in (process.stdin, process.stdout, process.stderr):
                if pipe:
                    pipe.close()  # not read: what the process has started may keep them open
            process.wait()

    @contextmanager
    def offered_to(self, module: ModuleType) -> Iterator[None]:
        """Let a module's ``subprocess.Popen`` return the process if it is called with the same arguments."""
        real = getattr(module, "subprocess", None)
        if real is not subprocess:
            self.stop()
            yield
            return
        module.subprocess = SimpleNamespace(**{**vars(subprocess), "Popen": self._popen})  # type: ignore[attr-defined]
        try:
            yield
        finally:
            module.subprocess = real  # type: ignore[attr-defined]

    def _popen(self, arguments: Sequence[str], **named: Any) -> subprocess.Popen[bytes]:  # noqa: ANN401 - Popen's
        if self._process and self._started == (arguments, named):
            process, self._process = self._process, None
            return process
        self.stop()
        self._remember(arguments, named.get("env") or {})
        return subprocess.Popen(arguments, **named)

    def _remember(self, arguments: Sequence[str], environment: Mapping[str, str]) -> None:
        variables = {name: value for name, value in environment.items() if os.environ.get(name) != value}
        if not self._record:
            return
        unfinished = self._record.with_suffix(f".{os.getpid()}")
        try:
            with suppress(OSError):
                unfinished.write_text(json.dumps({"arguments": list(arguments), "variables": variables}))
                unfinished.replace(self._record)
        finally:
            with suppress(OSError):
                unfinished.unlink(missing_ok=True)


def _is_record(path: Path) -> bool:
    """Whether it can be one: reading a pipe or a device may never end."""
    found = path.lstat()
    return stat.S_ISREG(found.st_mode) and found.st_size <= LONGEST
