"""Asks an evaluator of IAM whether requests would be allowed: all policy kinds, operators and wildcards.

iam-simulate (npm) knows every action, resource type and context key of AWS and refuses what AWS has not, so
that no proof holds because of a typo. It is under the AGPL: run as a process of its own, by tests alone,
never part of what is shipped.
"""

import atexit
import json
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

Statement = Mapping[str, Any]
Context = Mapping[str, str | Sequence[str]]

DRIVER = Path(__file__).with_name("evaluator.mjs")
NODE = Path(sys.executable).with_name("node")


class Decision(StrEnum):
    """IAM's decision."""

    ALLOWED = "Allowed"
    NOT_ALLOWED = "ImplicitlyDenied"
    DENIED = "ExplicitlyDenied"


@dataclass(frozen=True)
class Question:
    """A request, and every policy that applies to it.

    who: the ARN of a role, or a service's principal. owner: the account whose the resource is.
    """

    who: str
    action: str
    resource: str
    owner: str
    context: Context = field(default_factory=dict)
    identity: tuple[Statement, ...] = ()
    on_resource: tuple[Statement, ...] = ()
    boundary: tuple[Statement, ...] | None = None

    def __str__(self) -> str:
        return f"{self.who}: {self.action} on {self.resource}" + (f" {self.context}" if self.context else "")


class _Evaluator:
    """The running driver: it loads megabytes of data first, so it is reused for later requests."""

    def __init__(self) -> None:
        self.words = TemporaryFile("w+")  # noqa: SIM115 - as long as the process lasts
        self.process = subprocess.Popen(
            [NODE, DRIVER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.words, text=True
        )
        atexit.register(self.process.communicate)

    def answer(self, line: str) -> str:
        """The answer to a line."""
        try:
            answered = self._exchange(line)
        except BaseException:  # a test that times out leaves an answer that no other test may read
            self.process.kill()
            _evaluator.cache_clear()
            raise
        if not answered:
            self.words.seek(0)
            raise AssertionError(f"{self.words.read()}\nIf a package is missing: make setup")
        return answered

    def _exchange(self, line: str) -> str:
        """The answer to a line; empty if the driver has ended."""
        assert self.process.stdin
        assert self.process.stdout
        with suppress(BrokenPipeError):
            self.process.stdin.write(f"{line}\n")
            self.process.stdin.flush()
        return self.process.stdout.readline()


_evaluator = cache(_Evaluator)


def evaluate(questions: Iterable[Question]) -> list[Decision]:
    """The decisions, in the order of the requests; raises for a request that AWS does not know."""
    asked = list(questions)
    answers = json.loads(_evaluator().answer(json.dumps([_simulation(each) for each in asked])))
    wrong = [f"{each}: {it['error']}" for each, it in zip(asked, answers, strict=True) if "error" in it]
    assert not wrong, "\n".join(wrong)
    return [Decision(answer["decision"]) for answer in answers]


def _simulation(question: Question) -> dict[str, object]:
    bounded = {} if question.boundary is None else {"permissionBoundaryPolicies": _named(question.boundary)}
    return {
        "request": {
            "principal": question.who,
            "action": question.action,
            "resource": {"resource": question.resource, "accountId": question.owner},
            "contextVariables": {"aws:SecureTransport": "true", **question.context},
        },
        "identityPolicies": _named(question.identity) if question.identity else [],
        "serviceControlPolicies": [],
        "resourceControlPolicies": [],
        **({"resourcePolicy": _document(question.on_resource)} if question.on_resource else {}),
        **bounded,
    }


def _named(statements: Sequence[Statement]) -> list[dict[str, object]]:
    return [{"name": "policy", "policy": _document(statements)}]


def _document(statements: Sequence[Statement]) -> dict[str, object]:
    return {"Version": "2012-10-17", "Statement": list(statements)}
