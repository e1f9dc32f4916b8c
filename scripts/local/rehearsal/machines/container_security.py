"""What a container must not be able to do, as Docker and the kernel say that it is."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any  # what docker inspect answers is JSON

from local.rehearsal.machines.host import Host

NO_NEW_PRIVILEGES = ("no-new-privileges", "no-new-privileges:true")
STATUS = re.compile(r"^(\w+):\s*(.*)$", re.MULTILINE)


def liberties(host: Host) -> list[str]:
    """What the container that serves is allowed, and should not be; a word for it if there is none."""
    if not host.engine.can("container", "inspect", host.container):
        return ["there is no container"]
    (container,) = json.loads(host.engine.docker("container", "inspect", host.container))
    status = Path(f"/proc/{container['State']['Pid']}/status")
    seen = host.engine.private and status.exists()  # a shared engine may run in a machine of its own
    return [*allowed(container), *(able(status.read_text(encoding="utf-8")) if seen else ())]


def allowed(container: Mapping[str, Any]) -> list[str]:
    """What Docker was told of it."""
    settings = container["HostConfig"]
    found = {
        "it runs as root": container["Config"]["User"].partition(":")[0] in ("", "0", "root"),
        "its root file system can be written": not settings["ReadonlyRootfs"],
        "it keeps capabilities": settings["CapDrop"] != ["ALL"] or bool(settings["CapAdd"]),
        "it may gain privileges": not set(NO_NEW_PRIVILEGES) & set(settings["SecurityOpt"] or ()),
        "it is privileged": settings["Privileged"],
        "its memory is without limit": not settings["Memory"],
        "its processes are without limit": not settings["PidsLimit"] or settings["PidsLimit"] < 0,
    }
    return [words for words, holds in found.items() if holds]


def able(status: str) -> list[str]:
    """What its first process can do, as its /proc/<pid>/status says."""
    said = dict(STATUS.findall(status))
    found = {
        "its first process is root's": "0" in said["Uid"].split(),
        "its first process has capabilities": int(said["CapEff"], 16) != 0,
        "its first process could gain capabilities": int(said["CapBnd"], 16) != 0,
        "its first process may gain privileges": said["NoNewPrivs"] != "1",
    }
    return [words for words, holds in found.items() if holds]
