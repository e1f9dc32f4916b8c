"""Plays a rehearsal in an account from wherever it stands, keeps its record, and takes everything down."""

import time
from datetime import UTC, datetime
from typing import Literal

from plan_review.errors import ExplainedError
from slipway.account_rehearsal import record as records
from slipway.account_rehearsal.record import AccountRehearsal, RehearsedStep
from slipway.account_rehearsal.sandbox import Sandbox
from slipway.account_rehearsal.steps import STEPS, RehearsalStep
from slipway.aws import connections
from slipway.aws.refusals import ClientRefusal
from slipway.console import message
from slipway.console.ages import duration
from slipway.processes import interruption
from slipway.terraform.destroy import protection
from slipway.terraform.destroy.data_loss import losses
from slipway.terraform.destroy.state_bucket import remove
from slipway.terraform.destroy.teardown import Teardown


def play(sandbox: Sandbox, record: AccountRehearsal) -> AccountRehearsal:
    """Take every step that is not done yet; the record. What a step raises is raised once that is kept."""
    for number, step in enumerate(STEPS, 1):
        message(f"{number}/{len(STEPS)} {step.name}")
        record = take(sandbox, record, step)
    return _keep(sandbox, record.model_copy(update={"passed": True}))


def destroy(sandbox: Sandbox, record: AccountRehearsal) -> AccountRehearsal:
    """Take down what the rehearsal's own state holds, its connection and its state bucket; the record."""
    message("destroying what it made")
    record = take(sandbox, record, RehearsalStep("destroy", take_down))
    return _keep(sandbox, record.model_copy(update={"destroyed": True}))


def take(sandbox: Sandbox, record: AccountRehearsal, step: RehearsalStep) -> AccountRehearsal:
    """Take a step unless AWS says that it is done; the record, which is kept however this ends."""
    began, clock = datetime.now(UTC), time.monotonic()
    refusals: list[ClientRefusal] = []
    sandbox.aws.refusals = refusals
    state: Literal["done", "found", "failed", "interrupted"] = "interrupted"
    words = ""
    try:
        words = step.found(sandbox)
        if words:
            state = "found"
        else:
            words = step.do(sandbox)
            state = "done"
    except ExplainedError as error:
        state, words = "failed", str(error)
        raise
    finally:
        sandbox.aws.refusals = None
        seconds = round(time.monotonic() - clock, 1)
        taken = RehearsedStep(
            name=step.name,
            state=state,
            began=began.replace(microsecond=0),
            seconds=seconds,
            said=words,
        )
        record = _keep(sandbox, record.with_step(taken, refusals))
    message(f"   {state} ({duration(seconds)}): {words}")
    return record


def take_down(sandbox: Sandbox) -> str:
    """What `slipway destroy --state-bucket` does, and the connection's end."""
    names, bucket = sandbox.project.names, sandbox.state_bucket
    if bucket.exists():
        teardown = Teardown(sandbox.aws, tuple(sandbox.stacks.values()), sandbox.terraform)
        plans = interruption.run(teardown.plan())
        for line in losses(sandbox.aws, plans):
            message(f"   {line}")
        protection.lift(sandbox.aws, plans)
        interruption.run(teardown.destroy(plans))
        remove(bucket)
    connections.delete(sandbox.aws, names.connection)
    return "nothing of it is left but its keys, which AWS deletes after 30 days"


def _keep(sandbox: Sandbox, record: AccountRehearsal) -> AccountRehearsal:
    records.write(sandbox.directory, record)
    return record
