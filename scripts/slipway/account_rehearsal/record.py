"""The record of a rehearsal in an account: steps with times and results, refused calls, no secrets."""

import re
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Literal

from pydantic import ValidationError

from slipway.aws.refusals import ClientRefusal
from slipway.console.documents import Document
from slipway.console.errors import SlipwayError

FILE = "record.json"
TRUTH = "slipway rehearse --account has been tested against an emulated AWS only, not on AWS itself"
HIDDEN = (
    (re.compile(r"(Encoded authorization failure message: )\S+", re.IGNORECASE), r"\1<left out>"),
    (re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+"), "<e-mail>"),
    (re.compile(r"\b(AKIA|ASIA)[A-Z0-9]{12,}\b"), "<access key>"),
    (re.compile(r"(?<=:assumed-role/)[^\s\"']+|(?<=:user/)[^\s\"']+"), "<who>"),
    (re.compile(r"(?<=/home/)[^/\s]+|(?<=/Users/)[^/\s]+"), "<who>"),
    (re.compile(r"(?<!\d)\d{12}(?!\d)"), "<account>"),
)
OF_TERRAFORM = re.compile(r"operation error ([\w &-]+): (\w+),[\s\S]*?api error (\w+): ([^\n]*)")
"""The AWS provider's message about a refused call (aws-sdk-go-v2, smithy)."""


class RefusedCall(Document):
    """A call that AWS refused; of Terraform's calls, only those that it did not retry successfully."""

    step: str
    """The step in which the call was made."""
    service: str
    """The AWS service."""
    operation: str
    """The operation of the service's API."""
    code: str
    """AWS's error code."""
    message: str
    """AWS's error message, without account ids, e-mail addresses and names of users."""
    times: int
    """How often it was refused in this step."""


class RehearsedStep(Document):
    """One run of a step."""

    name: str
    """The step's name."""
    state: Literal["done", "found", "failed", "interrupted"]
    """done: by this run. found: done before, according to AWS. failed, interrupted: not done."""
    began: datetime
    """When it began."""
    seconds: float
    """How long it took, including waiting."""
    said: str
    """The result, or why it failed, without account ids, e-mail addresses and names of users."""


class AccountRehearsal(Document):
    """What ``slipway rehearse --account --json`` prints, and record.json contains."""

    service: str
    """The rehearsal's service name, with which the names of its resources begin."""
    region: str
    """The AWS region."""
    emulated: bool
    """Whether it ran against an AWS emulated on this machine."""
    truth: str
    """What this rehearsal proves, and what it does not."""
    passed: bool
    """Whether every step was done."""
    destroyed: bool
    """Whether its resources are destroyed (except for KMS keys, which AWS deletes later)."""
    steps: tuple[RehearsedStep, ...] = ()
    """The runs of steps in order; a step that was interrupted is listed again."""
    refused: tuple[RefusedCall, ...] = ()
    """The calls that AWS refused. Many are expected, for example for resources that do not exist yet."""

    def with_step(self, step: RehearsedStep, refusals: Sequence[ClientRefusal]) -> "AccountRehearsal":
        """A copy of the record with a step and its refused calls, without secrets."""
        said = [*refusals, *of_terraform(step.said)]
        times: dict[ClientRefusal, int] = {}
        for refusal in said:
            hidden = refusal._replace(message=hide(refusal.message))
            times[hidden] = times.get(hidden, 0) + 1
        refused = tuple(
            RefusedCall(
                step=step.name,
                service=refusal.service,
                operation=refusal.operation,
                code=refusal.code,
                message=refusal.message,
                times=count,
            )
            for refusal, count in times.items()
        )
        shown = step.model_copy(update={"said": hide(step.said)})
        return self.model_copy(
            update={"steps": (*self.steps, shown), "refused": (*self.refused, *refused)},
        )


def hide(text: str) -> str:
    """The text without account ids, e-mail addresses, names of users, and access keys."""
    for pattern, instead in HIDDEN:
        text = pattern.sub(instead, text)
    return text


def of_terraform(said: str) -> list[ClientRefusal]:
    """The refused calls in Terraform's error messages."""
    return [
        ClientRefusal(service, operation, code, message)
        for service, operation, code, message in OF_TERRAFORM.findall(said)
    ]


def read(directory: Path) -> AccountRehearsal | None:
    """Read the record in a directory; None if there is none. Raises SlipwayError if it is invalid."""
    file = directory / FILE
    try:
        return AccountRehearsal.model_validate_json(file.read_bytes())
    except FileNotFoundError:
        return None
    except ValidationError as error:
        raise SlipwayError(
            f"{file} cannot be read",
            why=str(error),
            then="delete the file; the rehearsal continues without it",
        ) from error


def write(directory: Path, record: AccountRehearsal) -> None:
    """Write the record atomically: after an interruption the old or the new one exists."""
    new = directory / f"{FILE}.new"
    new.write_text(record.model_dump_json(indent=2) + "\n", encoding="utf-8")
    new.replace(directory / FILE)
