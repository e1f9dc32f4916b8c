"""Checks that a container runs confined: its settings in Docker, and its process's in the kernel."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any  # what docker inspect answers is JSON

from local.rehearsal.machines.host import Host

NO_NEW_PRIVILEGES = ("no-new-privileges", "no-new-privileges:true")
STATUS = re.compile(r"^(\w+):\s*(.*)$", re.MULTILINE)


def liberties(host: Host) -> list[str]:
    """The rights of the service's container that it must not have, a sentence for each.

    If there is no container, the one sentence says so.
    """
    if not host.engine.can("container", "inspect", host.container):
        return ["the container does not exist"]
    (container,) = json.loads(host.engine.docker("container", "inspect", host.container))
    status = Path(f"/proc/{container['State']['Pid']}/status")
    seen = host.engine.private and status.exists()  # a shared engine may run in a virtual machine
    return [*allowed(container), *(able(status.read_text(encoding="utf-8")) if seen else ())]


def allowed(container: Mapping[str, Any]) -> list[str]:
    """The rights that Docker's settings give a container; container: the answer of ``docker inspect``."""
    settings = container["HostConfig"]
    found = {
        "it runs as root": container["Config"]["User"].partition(":")[0] in ("", "0", "root"),
        "its root file system is writable": not settings["ReadonlyRootfs"],
        "it keeps capabilities": settings["CapDrop"] != ["ALL"] or bool(settings["CapAdd"]),
        "it can gain privileges": not set(NO_NEW_PRIVILEGES) & set(settings["SecurityOpt"] or ()),
        "it is privileged": settings["Privileged"],
        "its memory has no limit": not settings["Memory"],
        "its number of processes has no limit": not settings["PidsLimit"] or settings["PidsLimit"] < 0,
    }
    return [words for words, holds in found.items() if holds]


def able(status: str) -> list[str]:
    """The rights of a container's first process, from the text of its /proc/<pid>/status."""
    said = dict(STATUS.findall(status))
    found = {
        "its first process runs as root": "0" in said["Uid"].split(),
        "its first process has capabilities": int(said["CapEff"], 16) != 0,
        "its first process could gain capabilities": int(said["CapBnd"], 16) != 0,
        "its first process can gain privileges": said["NoNewPrivs"] != "1",
    }
    return [words for words, holds in found.items() if holds]
