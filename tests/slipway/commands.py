"""Runs commands of slipway in the test's own process, in an emulated account, as main() would.

Whatever one prints as JSON has to be what its schema in docs/schemas/ says.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from typer.testing import CliRunner

from slipway.cli import schemas
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
    require_as_described(arguments, result.stdout)
    known = explained(result.exception) if isinstance(result.exception, Exception) else None
    if known:
        return Answer(known.exit_code, result.stdout, f"{result.stderr}error: {known}")
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return Answer(result.exit_code, result.stdout, result.stderr)


def require_as_described(arguments: Sequence[str], data: str) -> None:
    """Hold what was printed against the schema of the command's --json or --dry-run, if one was given."""
    options = arguments[: arguments.index("--")] if "--" in arguments else arguments
    if not data or "--help" in options or not {"--json", "--dry-run"} & set(options):
        return
    called = " ".join(arguments[:2])
    name = "dry-run" if "--dry-run" in options else called if called in schemas.PRINTED else arguments[0]
    schema = json.loads(schemas.file(name).read_text("utf-8"))
    for document in data.splitlines() if name in ("dry-run", "logs") else [data]:
        Draft202012Validator(schema).validate(json.loads(document))


def at_home(monkeypatch: pytest.MonkeyPatch) -> None:
    """In the checkout, with credentials that the emulated account knows."""
    monkeypatch.chdir(ROOT)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    for name in ("AWS_PROFILE", "AWS_ENDPOINT_URL", "SLIPWAY_SETTINGS"):
        monkeypatch.delenv(name, raising=False)
