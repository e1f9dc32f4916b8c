"""Commands in generated environments: variables, descriptors, encodings, terminals' sizes, signals.

Whatever they are, a command ends with a documented exit code and one message, and never with a traceback.
SLIPWAY_FUZZ=2000 tries that many, from a seed of the day's choice: SLIPWAY_FUZZ_FROM=5000.
"""

import os
import signal
from collections.abc import Iterator

import pytest

from tests.fuzz.surroundings import BASE, KEYS, Server, case, wrong

CLOSED = ["pipe", "pipe", "closed"]

KEPT: tuple[dict[str, object], ...] = (
    {"arguments": ["status"], "environment": {**BASE, **KEYS, "AWS_ENDPOINT_URL_STS": "1"}},
    {"arguments": ["status"], "environment": {**BASE, **KEYS, "AWS_ENDPOINT_URL": "http://["}},
    {"arguments": ["validate"], "environment": {**BASE, "SLIPWAY_SETTINGS": "/x"}, "streams": CLOSED},
    {"arguments": ["status", "--env", "nowhere"], "signal": signal.SIGINT, "after": 0.001},
    {"arguments": ["rollback", "--env", "prod"], "signal": signal.SIGHUP, "after": 0.0},
)
"""What once gave a traceback, or words in the place of data."""
COUNT = int(os.environ.get("SLIPWAY_FUZZ", "40"))
FIRST = int(os.environ.get("SLIPWAY_FUZZ_FROM", "0"))


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with Server() as made:
        yield made


def test_a_command_in_any_environment_ends_with_a_message(server: Server) -> None:
    found = {}
    kept = {f"kept {number}": {**case(0), **each} for number, each in enumerate(KEPT)}
    made_up = {f"seed {seed}": case(seed) for seed in range(FIRST, FIRST + COUNT)}
    for name, made in {**kept, **made_up}.items():
        answer = server.run(made)
        if said := wrong(made, answer):
            found[name] = f"{said}: {made}\n{answer}"
    assert not found, "\n\n".join(f"{name}: {said}" for name, said in found.items())


def test_what_is_wrong_is_noticed() -> None:
    made = {"encoding": "utf-8", "streams": ["pipe"] * 3}
    good = {"code": 1, "out": "", "err": "error: no\n"}
    assert wrong(made, good) == ""
    assert wrong(made, {**good, "err": "Traceback (most recent call last):"}) == "Traceback"
    assert wrong(made, {**good, "code": 70}) == "exit code 70"
    assert wrong(made, {**good, "err": ""}) == "no message"
    assert wrong(made, {**good, "err": "error: a\nerror: b\n"}) == "several messages"
