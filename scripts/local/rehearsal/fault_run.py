"""Tries every fault of the table, one after the other, and shows how each ends."""

from pathlib import Path

from local.rehearsal import stack_settings
from local.rehearsal.fault import play, possible
from local.rehearsal.fault_stage import FaultStage, fault_stage
from local.rehearsal.faults import FAULTS
from slipway.checkout.project import Project
from slipway.processes import interruption
from slipway.terraform.progress.board import State
from slipway.terraform.progress.choose import Progress, progress
from slipway.terraform.stacks.synthesis import synthesise

WELL = "ends as it has to"


def try_all(project: Project, working: Path) -> dict[str, list[str]]:
    """For each fault, what was not as it has to be."""
    output = working / "cdktf.out"
    interruption.run(synthesise(project.root, output))
    plan = stack_settings.read(output / "stacks" / project.names.environments[0].stack)
    with fault_stage(project, plan) as stage, progress([fault.name for fault in FAULTS]) as shown:
        return interruption.run(_each(stage, shown))


async def _each(stage: FaultStage, shown: Progress) -> dict[str, list[str]]:
    ended = {}
    for fault in FAULTS:
        if not possible(stage, fault):
            shown.begin(fault.name, "skipped")
            shown.end(fault.name, State.SKIPPED, "takes an engine that is nobody else's")
            continue
        shown.begin(fault.name, "trying")
        wrong = await play(stage, fault)
        shown.end(fault.name, State.FAILED if wrong else State.DONE, wrong[0] if wrong else WELL)
        ended[fault.name] = wrong
    return ended
