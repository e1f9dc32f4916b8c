"""Runs a rehearsal in an account from where it stopped, writes its record, and destroys its resources."""

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
    """Run every step that is not done yet. Returns the record, which is also written after each step."""
    for number, step in enumerate(STEPS, 1):
        message(f"{number}/{len(STEPS)} {step.name}")
        record = take(sandbox, record, step)
    return _keep(sandbox, record.model_copy(update={"passed": True}))


def destroy(sandbox: Sandbox, record: AccountRehearsal) -> AccountRehearsal:
    """Destroy the rehearsal's stacks, its connection and its state bucket. Returns the record."""
    message("destroying the rehearsal's resources")
    record = take(sandbox, record, RehearsalStep("destroy", take_down))
    return _keep(sandbox, record.model_copy(update={"destroyed": True}))


def take(sandbox: Sandbox, record: AccountRehearsal, step: RehearsalStep) -> AccountRehearsal:
    """Run a step unless it is done already. Returns the record, which is written even if the step fails."""
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
    """Do what `slipway destroy --state-bucket` does, and delete the connection."""
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
    return "everything is deleted except for its KMS keys, which AWS deletes after 30 days"


def _keep(sandbox: Sandbox, record: AccountRehearsal) -> AccountRehearsal:
    records.write(sandbox.directory, record)
    return record
