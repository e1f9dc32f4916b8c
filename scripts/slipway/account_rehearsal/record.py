"""What came of a rehearsal in an account: each step's time, each call that AWS refused, and no secret."""

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
TRUTH = (
    "slipway rehearse --account had not met AWS when it was written: it was played against an emulated AWS"
)
HIDDEN = (
    (re.compile(r"(Encoded authorization failure message: )\S+", re.IGNORECASE), r"\1<left out>"),
    (re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+"), "<e-mail>"),
    (re.compile(r"\b(AKIA|ASIA)[A-Z0-9]{12,}\b"), "<access key>"),
    (re.compile(r"(?<=:assumed-role/)[^\s\"']+|(?<=:user/)[^\s\"']+"), "<who>"),
    (re.compile(r"(?<!\d)\d{12}(?!\d)"), "<account>"),
)
OF_TERRAFORM = re.compile(r"operation error ([\w &-]+): (\w+),[\s\S]*?api error (\w+): ([^\n]*)")
"""How the AWS provider tells of a call that was refused in the end (aws-sdk-go-v2, smithy)."""


class RefusedCall(Document):
    """A call that AWS refused; of Terraform, only what it did not try again."""

    step: str
    """The step in which it was made."""
    service: str
    """AWS's service."""
    operation: str
    """The operation of its API."""
    code: str
    """AWS's code of the refusal."""
    message: str
    """AWS's words; account, e-mail addresses and names of people are left out."""
    times: int
    """How often, in this step."""


class RehearsedStep(Document):
    """A step, each time that it was begun."""

    name: str
    """Which."""
    state: Literal["done", "found", "failed", "interrupted"]
    """done; found: it was done already, by what AWS says; failed; interrupted."""
    began: datetime
    """When."""
    seconds: float
    """How long it took, with the waiting."""
    said: str
    """What came of it, or why it failed, in words; account, addresses and people are left out."""


class AccountRehearsal(Document):
    """What ``slipway rehearse --account --json`` prints, and record.json holds."""

    service: str
    """The name under which everything was made."""
    region: str
    """Where."""
    emulated: bool
    """Whether it was played against an AWS emulated on this machine."""
    truth: str
    """What this rehearsal proves, and what it does not."""
    passed: bool
    """Whether every step was done, in the end."""
    destroyed: bool
    """Whether nothing of it is left, but keys that AWS deletes later."""
    steps: tuple[RehearsedStep, ...] = ()
    """The steps in the order in which they were begun; one that was interrupted is there again."""
    refused: tuple[RefusedCall, ...] = ()
    """The calls that AWS refused. Many are meant: what is not there yet is asked for."""

    def with_step(self, step: RehearsedStep, refusals: Sequence[ClientRefusal]) -> "AccountRehearsal":
        """The record with one step more, and with what was refused in it."""
        said = [*refusals, *of_terraform(step.said)]
        times: dict[ClientRefusal, int] = {}
        for each in said:
            hidden = ClientRefusal(each.service, each.operation, each.code, hide(each.message))
            times[hidden] = times.get(hidden, 0) + 1
        refused = tuple(
            RefusedCall(
                step=step.name,
                service=each.service,
                operation=each.operation,
                code=each.code,
                message=each.message,
                times=count,
            )
            for each, count in times.items()
        )
        shown = step.model_copy(update={"said": hide(step.said)})
        return self.model_copy(
            update={"steps": (*self.steps, shown), "refused": (*self.refused, *refused)},
        )


def hide(text: str) -> str:
    """The text without account numbers, e-mail addresses, people and keys."""
    for pattern, instead in HIDDEN:
        text = pattern.sub(instead, text)
    return text


def of_terraform(said: str) -> list[ClientRefusal]:
    """The refused calls that Terraform's words tell of."""
    return [
        ClientRefusal(service, operation, code, message)
        for service, operation, code, message in OF_TERRAFORM.findall(said)
    ]


def read(directory: Path) -> AccountRehearsal | None:
    """The record that a directory keeps; None if there is none."""
    file = directory / FILE
    try:
        return AccountRehearsal.model_validate_json(file.read_bytes())
    except FileNotFoundError:
        return None
    except ValidationError as error:
        raise SlipwayError(
            f"{file} cannot be read", why=str(error), then="remove it: the rehearsal goes on without it"
        ) from error


def write(directory: Path, record: AccountRehearsal) -> None:
    """Keep it; whatever interrupts this, there is the old one or the new one."""
    new = directory / f"{FILE}.new"
    new.write_text(record.model_dump_json(indent=2) + "\n", encoding="utf-8")
    new.replace(directory / FILE)
