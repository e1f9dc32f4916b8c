"""Runs commands in processes forked from one that has loaded them, each in surroundings of its own.

Reads a case a line as JSON, and writes what came of it: exit code and what was written. Started by
test_surroundings.py; a process of its own, because only one without threads can be forked safely.
"""

import io
import json
import os
import select
import signal
import sys
import time
from contextlib import suppress
from importlib import import_module
from typing import Any

from slipway.cli import main
from slipway.cli.app import COMMANDS
from slipway.console.errors import INTERRUPTED
from slipway.processes.signals import ENDING, interruptible

SECONDS = 20.0  # that a command may take; none should take one
CLOSED, FULL, BROKEN = "closed", "full", "broken"


def serve() -> None:
    """A case a line, an answer a line."""
    for names in COMMANDS.values():
        for name in names:
            import_module(f"slipway.cli.{name}")
    import_module("slipway.cli.failures")
    for line in sys.stdin:
        sys.__stdout__.write(json.dumps(run(json.loads(line))) + "\n")  # type: ignore[union-attr]
        sys.__stdout__.flush()  # type: ignore[union-attr]


def run(case: dict[str, Any]) -> dict[str, Any]:
    """One command in its surroundings."""
    out, err = os.pipe(), os.pipe()
    signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)  # until the command has begun
    child = os.fork()
    if not child:
        os.close(out[0])
        os.close(err[0])
        _become(case, out[1], err[1])
    signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING)
    os.close(out[1])
    os.close(err[1])
    if case.get("signal"):
        time.sleep(case["after"])
        with suppress(ProcessLookupError):
            os.kill(child, case["signal"])
    said = _read(out[0], err[0], child)
    _, status = os.waitpid(child, 0)
    return {"code": os.waitstatus_to_exitcode(status), "out": said[out[0]], "err": said[err[0]]}


def _read(out: int, err: int, child: int) -> dict[int, str]:
    """What both pipes carry to their ends; a command that takes too long is killed."""
    said, ends = {out: b"", err: b""}, {out, err}
    deadline = time.monotonic() + SECONDS
    while ends:
        ready, _, _ = select.select(list(ends), [], [], max(0.0, deadline - time.monotonic()))
        if not ready:
            os.kill(child, signal.SIGKILL)
            deadline = time.monotonic() + SECONDS
        for each in ready:
            some = os.read(each, 65536)
            said[each] += some
            if not some:
                ends.discard(each)
                os.close(each)
    return {end: text.decode("utf-8", "replace") for end, text in said.items()}


def _become(case: dict[str, Any], out: int, err: int) -> None:
    """In the child: take on the surroundings, and run the command as a fresh interpreter would."""
    code = 70
    try:
        os.chdir(case["directory"])
        os.environ.clear()
        os.environ.update(case["environment"])
        for number, pipe in ((0, None), (1, out), (2, err)):
            _connect(number, pipe, case["streams"][number])
        sys.stdin, sys.stdout, sys.stderr = (_stream(number, case) for number in range(3))
        given = (argument.encode("utf-8", "surrogateescape") for argument in case["arguments"])
        sys.argv = ["slipway", *map(os.fsdecode, given)]
        try:
            with interruptible():
                came = _let_signals_come()
                if not came:
                    main()
            code = INTERRUPTED if came else 0
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else int(end.code is not None)
        except BaseException:
            sys.excepthook(*sys.exc_info())
            code = 1
        try:
            if sys.stdout is not None:
                sys.stdout.flush()
        except Exception as error:  # what an interpreter says at its end
            code = 120
            with suppress(Exception):
                os.write(2, f"Exception ignored on flush: {error!r}\n".encode())
    finally:
        os._exit(code)


def _let_signals_come() -> bool:
    """Whether one came already, before the command has begun."""
    try:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING)
    except KeyboardInterrupt:
        return True
    return False


def _connect(number: int, pipe: int | None, how: str) -> None:
    if how == CLOSED:
        with suppress(OSError):
            os.close(number)
        return
    if how == FULL:
        source = os.open("/dev/full", os.O_RDWR)
    elif how == BROKEN or pipe is None:
        reader, writer = os.pipe()
        os.close(reader if number else writer)
        source = writer if number else reader
    else:
        source = pipe
    os.dup2(source, number)
    if source > 2:
        os.close(source)


def _stream(number: int, case: dict[str, Any]) -> Any:  # noqa: ANN401 - a stream, or None as Python has it
    try:
        raw = io.FileIO(number, "rb" if number == 0 else "wb", closefd=False)
    except OSError:
        return None
    errors = "backslashreplace" if number == 2 else "strict"
    buffer = io.BufferedReader(raw) if number == 0 else io.BufferedWriter(raw)
    return io.TextIOWrapper(buffer, encoding=case["encoding"], errors=errors, line_buffering=number == 2)


if __name__ == "__main__":
    serve()
