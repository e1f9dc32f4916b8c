"""What can happen to a host's disk: it is full of what nobody needs, or of what cannot be deleted."""

import os
import shutil
from pathlib import Path

from local.rehearsal.codedeploy_agent.agent import SUCCEEDED
from local.rehearsal.machines.host import Host
from slipway.console.errors import SlipwayError
from tests.rehearsals.docker_faults import pack
from tests.rehearsals.faults.fault import Fault, Outcome, deploy_old, outcome
from tests.rehearsals.faults.fault_testbed import NEW, OLD, FaultTestbed

BULK = 150 * 1024 * 1024  # bytes of an old image that nothing uses
FILLER = "filler"


async def _disk_full(testbed: FaultTestbed) -> Outcome:
    """Not even deleting old images makes room."""
    host, disk = await _on_a_small_disk(testbed)
    _fill(disk)
    return outcome(testbed, await testbed.deploy(NEW, host=host), host)


async def _disk_full_of_old_images(testbed: FaultTestbed) -> Outcome:
    """Old images are what it is full of: they go, and the release comes."""
    host, disk = await _on_a_small_disk(testbed)
    pack(host.engine, f"{testbed.repository}:{'0' * 40}", {"old": bytes(BULK)})
    _fill(disk)
    return outcome(testbed, await testbed.deploy(NEW, host=host), host)


async def _on_a_small_disk(testbed: FaultTestbed) -> tuple[Host, Path]:
    """A host with a small disk, where the old release serves, and the disk."""
    if testbed.small is None:
        raise SlipwayError("this takes a private engine")
    host, disk = testbed.small
    (disk / FILLER).unlink(missing_ok=True)
    host.clear()
    testbed.forget(OLD, NEW, host=host)
    await deploy_old(testbed, host)
    return host, disk


def _fill(disk: Path) -> None:
    """Takes all the room that there is, as a log that nobody rotates."""
    with (disk / FILLER).open("wb") as filler:
        os.posix_fallocate(filler.fileno(), 0, shutil.disk_usage(disk).free)


FAULTS = (
    Fault(
        name="disk full",
        trying=_disk_full,
        says="the disk is full even after old images were deleted",
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
