"""Signals that ask us to end: what they do, and when."""

import signal

import pytest

from slipway.processes.signals import deferred, interruptible


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_each_signal_that_asks_to_end_does_what_ctrl_c_does(number: signal.Signals) -> None:
    with pytest.raises(KeyboardInterrupt), interruptible():
        signal.raise_signal(number)


def test_a_signal_that_comes_at_a_bad_moment_counts_at_its_end() -> None:
    reached = []

    def start() -> None:
        with deferred():
            signal.raise_signal(signal.SIGTERM)
            reached.append("the end")
        reached.append("what comes after")

    with pytest.raises(KeyboardInterrupt), interruptible():
        start()
    assert reached == ["the end"]


def test_without_a_signal_nothing_is_different_afterwards() -> None:
    before = signal.getsignal(signal.SIGTERM)
    with deferred():
        assert signal.getsignal(signal.SIGTERM) is not before
    assert signal.getsignal(signal.SIGTERM) is before


def test_a_hangup_that_nohup_has_ignored_stays_ignored() -> None:
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    with interruptible():
        signal.raise_signal(signal.SIGHUP)
    assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
