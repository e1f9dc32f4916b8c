"""Prints the results of a rehearsal as a table on the terminal."""

from rich.table import Table

from local.rehearsal.results.record import RehearsalRecord, StepRecord
from slipway.console import screen
from slipway.console.tables import Rows

TIMES = {
    "build_cold_seconds": "build, cold",
    "build_warm_seconds": "build, warm",
    "push_seconds": "push, cold",
    "push_warm_seconds": "push, warm",
    "downtime_seconds": "downtime of one host",
    "first_deployment_seconds": "first deployment",
    "deployment_seconds": "deployment",
    "deployment_seconds_without_draining": "… without draining",
    "deployment_seconds_without_load_balancer": "… nor waiting for the load balancer",
    "automatic_rollback_seconds": "automatic rollback",
    "agent_1_ended_hook_seconds": "a hook ended by agent 1.x",
    "agent_2_ended_hook_seconds": "a hook ended by agent 2.x",
    "rollback_command_seconds": "slipway rollback",
    "rollback_seconds": "… its deployment",
    "rollback_seconds_without_draining": "… without draining",
    "rollback_seconds_without_load_balancer": "… nor waiting for the load balancer",
}


def show(record: RehearsalRecord) -> None:
    """Prints the steps and the times."""
    for drawn in (steps(record), "", times(record)):
        screen.show(drawn)


def steps(record: RehearsalRecord) -> Rows:
    """The table of the steps."""
    numbers = ("requests", "failed", "checks", "time")
    table = Rows("step", "outcome", "deployments", *numbers, right=numbers)
    for step in record.steps:
        asked = (str(step.requests), str(step.failed_requests)) if step.requests else ("", "")
        held = f"{sum(check.holds for check in step.checks)}/{len(step.checks)}"
        outcome = "passed" if step.passed else "FAILED"
        table.add_row(step.title, outcome, deployments(step, record), *asked, held, f"{step.seconds:.0f} s")
    return table


def times(record: RehearsalRecord) -> Table:
    """The table of the measured times."""
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column()
    table.add_column(justify="right")
    for name, words in TIMES.items():
        seconds = record.times.get(name)
        if seconds is not None:
            table.add_row(words, seconds_in_words(seconds))
    return table


def seconds_in_words(seconds: float) -> str:
    """Seconds as text; below 10 with two decimals."""
    return f"{seconds:.2f} s" if seconds < 10 else f"{seconds:.0f} s"


def deployments(step: StepRecord, record: RehearsalRecord) -> str:
    """The deployments of a step: the commit and the status of each."""
    return ", ".join(
        ("back to " if deployment.rollback_of else "")
        + f"{record.names.get(deployment.commit, deployment.commit[:7])}: {deployment.status.lower()}"
        for deployment in step.deployments
    )
