"""Programs that are run: heard, interrupted, killed; with real ones that say when they are ready."""

import asyncio
import gc
import os
import signal
import sys
from pathlib import Path

import pytest

from slipway.console.errors import SlipwayError
from slipway.processes.program import Finished, Program, run
from tests.waiting import is_running, wait_until

PATIENT = 30.0  # seconds of grace that are never used up
POLITE = """
import signal, sys, time
def end(*_):
    print("saved", flush=True)
    sys.exit(7)
signal.signal(signal.SIGINT, end)
print("ready", flush=True)
time.sleep(60)
"""
STUBBORN = """
import signal, subprocess, sys, time
signal.signal(signal.SIGINT, signal.SIG_IGN)
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
print(child.pid, flush=True)
time.sleep(60)
"""

LEAVING = """
import signal, subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], stdout=-3, stderr=-3)
signal.signal(signal.SIGINT, lambda *_: sys.exit(1))
print(child.pid, flush=True)
time.sleep(60)
"""


DAEMON = """
import subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], start_new_session=True)
print(child.pid, flush=True)
time.sleep(60)
"""


def program(code: str, grace: float = 0) -> Program:
    return Program((sys.executable, "-c", code), Path.cwd(), os.environ, grace)


def cancelled_at_its_first_line(code: str, grace: float) -> list[str]:
    """Run it, cancel it as soon as it speaks; everything it said."""
    lines: list[str] = []

    async def main() -> None:
        task: asyncio.Task[Finished] | None = None

        def on_line(line: str) -> None:
            lines.append(line)
            if len(lines) == 1 and task:
                task.cancel()

        task = asyncio.create_task(run(program(code, grace), on_line))
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(main())
    return lines


def test_lines_errors_and_the_exit_code_come_back() -> None:
    lines: list[str] = []
    code = "import sys; print('one'); print('two'); sys.stderr.write('bad'); sys.exit(3)"
    assert asyncio.run(run(program(code), lines.append)) == Finished(3, "bad")
    assert lines == ["one", "two"]


def test_a_very_long_line_comes_whole() -> None:
    lines: list[str] = []
    asyncio.run(run(program("print('x' * 5_000_000)"), lines.append))
    assert [len(line) for line in lines] == [5_000_000]


def test_cancelled_a_program_is_interrupted_once_and_heard_to_its_end() -> None:
    assert cancelled_at_its_first_line(POLITE, PATIENT) == ["ready", "saved"]


def test_a_program_that_does_not_end_is_killed_with_its_children() -> None:
    [child] = cancelled_at_its_first_line(STUBBORN, 0.1)
    wait_until(lambda: not is_running(int(child)), "the grandchild's end")


def test_what_an_interrupted_program_leaves_behind_is_killed() -> None:
    [child] = cancelled_at_its_first_line(LEAVING, PATIENT)
    wait_until(lambda: not is_running(int(child)), "the grandchild's end")


def test_without_grace_a_program_is_killed_at_once() -> None:
    assert cancelled_at_its_first_line(POLITE, 0) == ["ready"]


def test_a_second_cancellation_kills_what_is_stopping_gracefully() -> None:
    lines: list[str] = []

    async def main() -> None:
        task: asyncio.Task[Finished] | None = None

        def on_line(line: str) -> None:
            lines.append(line)
            if task:
                task.cancel()
                asyncio.get_running_loop().call_later(0.05, task.cancel)

        task = asyncio.create_task(run(program(STUBBORN, PATIENT), on_line))
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(asyncio.wait_for(main(), PATIENT / 2))
    wait_until(lambda: not is_running(int(lines[0])), "the program's end")


def test_nothing_is_heard_after_the_end_however_often_it_is_cancelled() -> None:
    """Who listens may have closed its log by then."""
    talking = "import itertools\nfor number in itertools.count():\n    print(number, flush=True)\n"

    async def listen() -> int:
        heard = list[str]()
        task = asyncio.ensure_future(run(program(talking, PATIENT), heard.append))
        while not heard:
            await asyncio.sleep(0)
        while not task.done():
            task.cancel()
            await asyncio.sleep(0)
        before = len(heard)
        rest = asyncio.all_tasks() - {asyncio.current_task()}
        await asyncio.wait(rest or [task], timeout=PATIENT)
        return len(heard) - before

    assert asyncio.run(listen()) == 0


def test_pipes_that_a_daemon_still_holds_are_closed_at_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise asyncio prints a traceback, "Event loop is closed", when it deletes them."""
    unraisable: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", unraisable.append)
    monkeypatch.setattr("slipway.processes.program.LAST_WORDS", 0.0)
    lines = cancelled_at_its_first_line(DAEMON, 0)
    gc.collect()
    os.kill(int(lines[0]), signal.SIGKILL)
    assert unraisable == []


def test_a_program_that_is_not_there_is_said() -> None:
    nowhere = Program(("no-such-terraform",), Path.cwd(), os.environ)
    with pytest.raises(SlipwayError, match="cannot run no-such-terraform"):
        asyncio.run(run(nowhere))
