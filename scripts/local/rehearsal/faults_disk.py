"""What can happen to a host's disk: it is full of what nobody needs, or of what cannot be deleted."""

import os
import shutil
from pathlib import Path

from local.rehearsal.codedeploy_agent.agent import SUCCEEDED
from local.rehearsal.fault import Fault, Outcome, deploy_old, outcome
from local.rehearsal.fault_stage import NEW, OLD, FaultStage
from local.rehearsal.machines.host import Host
from slipway.console.errors import SlipwayError

BULK = 150 * 1024 * 1024  # bytes of an old image that nothing uses
FILLER = "filler"


async def _disk_full(stage: FaultStage) -> Outcome:
    """Not even deleting old images makes room."""
    host, disk = await _on_a_small_disk(stage)
    _fill(disk)
    return outcome(stage, await stage.deploy(NEW, host=host), host)


async def _disk_full_of_old_images(stage: FaultStage) -> Outcome:
    """Old images are what it is full of: they go, and the release comes."""
    host, disk = await _on_a_small_disk(stage)
    host.engine.pack(f"{stage.repository}:{'0' * 40}", {"old": bytes(BULK)})
    _fill(disk)
    return outcome(stage, await stage.deploy(NEW, host=host), host)


async def _on_a_small_disk(stage: FaultStage) -> tuple[Host, Path]:
    """A host with a small disk, where the old release serves, and the disk."""
    if stage.small is None:
        raise SlipwayError("this takes a private engine")
    host, disk = stage.small
    (disk / FILLER).unlink(missing_ok=True)
    host.clear()
    stage.forget(OLD, NEW, host=host)
    await deploy_old(stage, host)
    return host, disk


def _fill(disk: Path) -> None:
    """Takes all the room that there is, as a log that nobody rotates."""
    with (disk / FILLER).open("wb") as filler:
        os.posix_fallocate(filler.fileno(), 0, shutil.disk_usage(disk).free)


FAULTS = (
    Fault(
        name="disk full",
        trying=_disk_full,
        says="the disk is full even without old images",
        private=True,
    ),
    Fault(
        name="disk full of old images",
        trying=_disk_full_of_old_images,
        status=SUCCEEDED,
        answers=NEW,
        says="deleting every image of this service that no container uses",
        private=True,
    ),
)
