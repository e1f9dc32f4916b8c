"""Signals as a terminal's shell leaves them, whatever started the tests: nohup has SIGHUP ignored."""

import signal
from collections.abc import Iterator

import pytest

from slipway.processes.signals import ENDING


@pytest.fixture(autouse=True)
def default_dispositions() -> Iterator[None]:
    """What each signal does by default; afterwards, what it did before."""
    before = {each: signal.getsignal(each) for each in ENDING}
    for each in ENDING:
        signal.signal(each, signal.default_int_handler if each is signal.SIGINT else signal.SIG_DFL)
    yield
    for each, handler in before.items():
        signal.signal(each, handler)
