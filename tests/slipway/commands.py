"""Runs commands of slipway in the test's own process: ``main()``, with what a shell would give it.

Whatever one prints as JSON has to be what its schema in docs/schemas/ says.
"""

import io
import json
import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, chdir, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

import pytest
from jsonschema import Draft202012Validator

from slipway.cli import main, schemas

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Answer:
    """How a command ended."""

    code: int
    data: str
    words: str


def slipway(
    *arguments: str,
    stdin: str = "",
    directory: Path | None = None,
    variables: Mapping[str, str] | None = None,
) -> Answer:
    """Run a command to its end; a bug is raised.

    directory: where it runs. Default: where the test does.
    variables: the whole environment, as for a process. Default: the test's own.
    """
    given, out, err = (io.TextIOWrapper(io.BytesIO(text), "utf-8") for text in (stdin.encode(), b"", b""))
    with ExitStack() as process:
        process.enter_context(patch.dict(os.environ, variables or {}, clear=variables is not None))
        process.enter_context(patch.object(sys, "argv", ["slipway", *arguments]))
        process.enter_context(patch.object(sys, "stdin", given))
        process.enter_context(chdir(directory or Path.cwd()))
        process.enter_context(redirect_stdout(out))
        process.enter_context(redirect_stderr(err))
        code = _ending()
    require_as_described(arguments, _written(out))
    return Answer(code, _written(out), _written(err))


def _ending() -> int:
    """The exit code of main()."""
    try:
        main()
    except SystemExit as end:
        return int(end.code or 0)
    return 0


def _written(stream: io.TextIOWrapper) -> str:
    stream.seek(0)
    return stream.read()


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
