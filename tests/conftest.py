"""Makes skips loud: each is named with its reason at the end, and with CI=true each is a failure.

Without this, a machine that lacks Docker or Terraform would show a green run that tested half. A reason
that begins with OUT_OF_REACH is never a failure: no command that we could name installs what is missing.
It also sets what holds for every test: no deadline for an example, and what is read or made once.
"""

import os
import signal
from collections.abc import Generator, Iterator
from functools import cache
from unittest.mock import patch

import tests.temporary  # noqa: F401  # before Node starts, which inherits TMPDIR

# isort: split

import constructs_lib  # noqa: F401  # first of all, so that no test's imports find the bindings eager

import hypothesis
import pytest
from botocore.loaders import create_loader

from tests.sharing import shared_in

OUT_OF_REACH = "no package brings it: "

Report = pytest.TestReport | pytest.CollectReport


def pytest_configure() -> None:
    """Let Ctrl-C count: tests that are started in the background have it ignored, and so their children."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    # How long an example takes is up to the machine, not to the code: hypothesis would fail it after 200 ms.
    hypothesis.settings.register_profile("any-machine", deadline=None)
    hypothesis.settings.load_profile("any-machine")
    # All sessions of boto3 share one loader: each would parse megabytes of JSON. Importing moto opens three.
    patch("botocore.session.create_loader", cache(create_loader)).start()


@pytest.fixture(scope="session", autouse=True)
def share_with_other_workers(
    pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    """Let all workers of a run find what one of them has made: their directories lie side by side."""
    own = tmp_path_factory.getbasetemp()
    with shared_in(own.parent if hasattr(pytestconfig, "workerinput") else own):
        yield


def reason(report: Report) -> str:
    """Why something was skipped, as the test said it."""
    said = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    return said.removeprefix("Skipped: ")


def fail_if_skipped(report: Report) -> None:
    """Turn a skip into a failure where every test has to run."""
    meant = hasattr(report, "wasxfail") or reason(report).startswith(OUT_OF_REACH)
    if report.skipped and not meant and os.environ.get("CI") == "true":
        report.outcome = "failed"
        report.longrepr = f"skipped, which is a failure with CI=true: {reason(report)}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Look at the outcome of each test."""
    report = yield
    fail_if_skipped(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Look at files that skip all of themselves while they are collected."""
    report = yield
    fail_if_skipped(report)
    return report


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name what was skipped, last, where it is seen."""
    skipped: list[Report] = terminalreporter.stats.get("skipped", [])
    if not skipped:
        return
    terminalreporter.section(f"NOT TESTED on this machine: {len(skipped)}", yellow=True, bold=True)
    for report in skipped:
        terminalreporter.line(f"{report.nodeid}: {reason(report)}")
