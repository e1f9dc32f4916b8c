"""Runs commands of slipway in the test's own process, in an emulated account, as main() would."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.testing import CliRunner

from slipway.cli.app import app
from slipway.cli.failures import explained

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Answer:
    """How a command ended."""

    code: int
    data: str
    words: str


def slipway(*arguments: str, stdin: str = "") -> Answer:
    """Run a command to its end; expected errors become its words and its exit code."""
    result = CliRunner().invoke(app, arguments, input=stdin, prog_name="slipway")
    known = explained(result.exception) if isinstance(result.exception, Exception) else None
    if known:
        return Answer(known.exit_code, result.stdout, f"{result.stderr}error: {known}")
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return Answer(result.exit_code, result.stdout, result.stderr)


def at_home(monkeypatch: pytest.MonkeyPatch) -> None:
    """In the checkout, with credentials that the emulated account knows."""
    monkeypatch.chdir(ROOT)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    for name in ("AWS_PROFILE", "AWS_ENDPOINT_URL", "SLIPWAY_SETTINGS"):
        monkeypatch.delenv(name, raising=False)
