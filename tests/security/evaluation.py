"""Asks an evaluator of IAM whether requests would be allowed: all policy kinds, operators and wildcards.

iam-simulate (npm) knows every action, resource type and context key of AWS and refuses what AWS has not, so
that no proof holds because of a typo. It is under the AGPL: run as a process of its own, by tests alone,
never part of what is shipped.
"""

import json
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

Statement = Mapping[str, Any]
Context = Mapping[str, str | Sequence[str]]

DRIVER = Path(__file__).with_name("evaluator.mjs")
NODE = Path(sys.executable).with_name("node")


class Decision(StrEnum):
    """What IAM says."""

    ALLOWED = "Allowed"
    NOT_ALLOWED = "ImplicitlyDenied"
    DENIED = "ExplicitlyDenied"


@dataclass(frozen=True)
class Question:
    """A request, and every policy that has a say in it.

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


def evaluate(questions: Iterable[Question]) -> list[Decision]:
    """The decisions, in the order of the questions; raises if a question makes no sense to AWS."""
    asked = list(questions)
    done = subprocess.run(
        [NODE, DRIVER],
        input=json.dumps([_simulation(each) for each in asked]),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{done.stderr}\nIf a package is missing: make setup"
    answers = json.loads(done.stdout)
    wrong = [f"{each}: {it['error']}" for each, it in zip(asked, answers, strict=True) if "error" in it]
    assert not wrong, "\n".join(wrong)
    return [Decision(each["decision"]) for each in answers]


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
