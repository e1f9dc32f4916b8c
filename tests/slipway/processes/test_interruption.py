"""Signals that ask us to end: whichever comes, work is cleaned up, and KeyboardInterrupt follows."""

import asyncio
import os
import signal

import pytest

from slipway.processes import interruption
from slipway.processes.signals import ENDING, interruptible


@pytest.mark.parametrize("number", ENDING)
def test_a_signal_cancels_the_work_which_cleans_up(
    number: signal.Signals, capsys: pytest.CaptureFixture[str]
) -> None:
    cleaned = []

    async def work() -> None:
        os.kill(os.getpid(), number)
        try:
            await asyncio.sleep(60)
        finally:
            cleaned.append(True)

    with pytest.raises(KeyboardInterrupt):
        interruption.run(work())
    assert cleaned
    assert "stopping" in capsys.readouterr().err


def test_work_that_is_to_reach_its_end_does_so_first(capsys: pytest.CaptureFixture[str]) -> None:
    reached = []

    async def work() -> None:
        os.kill(os.getpid(), signal.SIGINT)
        await asyncio.sleep(0.05)
        reached.append(True)

    with pytest.raises(KeyboardInterrupt):
        interruption.run(work(), to_its_end=True)
    assert reached
    assert "after this step" in capsys.readouterr().err


def test_a_second_signal_cancels_such_work_too() -> None:
    async def work() -> None:
        os.kill(os.getpid(), signal.SIGINT)
        await asyncio.sleep(0)
        os.kill(os.getpid(), signal.SIGINT)
        await asyncio.sleep(60)

    with pytest.raises(KeyboardInterrupt):
        interruption.run(work(), to_its_end=True)


def test_undisturbed_work_gives_its_value_and_handlers_are_as_before() -> None:
    async def work() -> str:
        await asyncio.sleep(0)
        return "done"

    before = [signal.getsignal(each) for each in ENDING]
    assert interruption.run(work()) == "done"
    assert [signal.getsignal(each) for each in ENDING] == before


def test_outside_of_such_work_sigterm_is_like_ctrl_c() -> None:
    with pytest.raises(KeyboardInterrupt), interruptible():
        os.kill(os.getpid(), signal.SIGTERM)


def test_a_process_started_to_outlive_its_terminal_does() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with interruptible():
            os.kill(os.getpid(), signal.SIGHUP)
    finally:
        signal.signal(signal.SIGHUP, before)
