"""The state that the fake docker and the fake aws share, in one file: what is where, who was asked what."""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

FILE = "FAKE_STATE"


def fresh() -> dict[str, Any]:
    """Nothing anywhere; there is BuildKit. refuse: words of a call → what it then says, and
    how many times."""
    return {
        "calls": [],
        "refuse": {},
        "buildkit": True,
        "says": "",
        "arch": "amd64",
        "built": 0,
        "local": {},
        "registry": {},
        "bucket": {},
        "scans": [],
        "password": "",
    }


@contextmanager
def opened(path: Path | None = None) -> Iterator[dict[str, Any]]:
    """The state, written back afterwards."""
    file = path or Path(os.environ[FILE])
    state = json.loads(file.read_text())
    yield state
    file.write_text(json.dumps(state))


def say(text: str) -> int:
    """What a program prints when all is well."""
    sys.stdout.write(text + "\n")
    return 0


def fail(text: str, code: int = 1) -> int:
    """What a program prints when it is not."""
    sys.stderr.write(text + "\n")
    return code


def refusal(state: dict[str, Any], call: str) -> str | None:
    """What a call is to fail with, if its words begin as those of a refusal do."""
    for words, refused in state["refuse"].items():
        if call.startswith(words) and refused["times"]:
            refused["times"] -= 1
            return str(refused["says"])
    return None
