"""Checks of the programs that slipway starts: whether they are installed and new enough."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from slipway.console import cdk
from slipway.console.shell import command_line
from slipway.doctor.check import Check, later, ok, todo
from slipway.processes.terraform_program import OLDEST, called, how_to_get, program

# jsii warns about older versions; cdktf-cli has a prebuilt terminal module for no newer one.
NODE = (22,)
COMMANDS = {"cdktf": Path("node_modules"), "cdktn": Path(cdk.ENVIRONMENTS["cdktn"], "node_modules")}
"""Where each engine's command line is installed, relative to the checkout."""
REHEARSAL = ("docker-registry", "haproxy")
SETUP = "make setup installs it"
SECONDS = 20


def tools(root: Path) -> Iterator[Check]:
    """Check the programs that a deployment from this checkout needs."""
    terraform = program()
    yield _program(called(terraform), [terraform, "version", "-json"], OLDEST, how_to_get(terraform))
    yield _program("Node", [node(), "--version"], NODE, _how_to_get_node())
    engine = cdk.engine(root)
    yield _command_line(f"{engine}-cli", root / COMMANDS[engine])


def rehearsal() -> Iterator[Check]:
    """Check what ``slipway rehearse`` needs and deployments do not."""
    said = answer(["docker", "version", "--format", "{{.Server.Version}}"])
    engine = said is not None and said.strip()
    yield (
        ok("rehearsal", f"Docker {engine} is running")
        if engine
        else later(
            "rehearsal",
            "no Docker engine is running: slipway rehearse needs one, deployments do not",
            then="start Docker; as root with dockerd installed, a rehearsal starts its own engine",
        )
    )
    missing = [name for name in REHEARSAL if shutil.which(name) is None]
    if missing:
        install = command_line("apt-get", "install", *missing)
        yield later(
            "rehearsal",
            f"slipway rehearse needs {' and '.join(missing)}, deployments do not",
            then=f"on Debian and Ubuntu: {install}",
        )


def node() -> str:
    """The Node that synthesis uses: JSII_NODE if set, else the one beside this Python, else from PATH."""
    beside = Path(sys.executable).with_name("node")
    return os.environ.get("JSII_NODE") or (str(beside) if beside.exists() else "node")


def answer(command: list[str]) -> str | None:
    """What a program prints to stdout; None if it is not installed, fails, or runs longer than 20 seconds."""
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, timeout=SECONDS, stdin=subprocess.DEVNULL
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 else None


def version_in(said: str) -> tuple[int, ...]:
    """The first version in a text, as numbers; empty if there is none."""
    found = re.search(r"\d+(\.\d+)+", said)
    return tuple(int(word) for word in found[0].split(".")) if found else ()


def _how_to_get_node() -> str:
    return "JSII_NODE chooses it: clear it, or let it name another" if os.environ.get("JSII_NODE") else SETUP


def _program(name: str, command: list[str], least: tuple[int, ...], then: str) -> Check:
    said = answer(command)
    wanted = ".".join(map(str, least))
    if said is None:
        return todo("tools", f"{name} is not installed or does not run", then=then)
    found = version_in(said)
    if not found:
        return todo("tools", f"{name} does not print its version", why=said.strip()[:80], then=then)
    version = ".".join(map(str, found))
    if found < least:
        return todo(
            "tools",
            f"{name} {version} is too old",
            why=f"version {wanted} or newer is required",
            then=then if then != SETUP else f"{SETUP}, or update it",
        )
    return ok("tools", f"{name} {version}")


def _command_line(name: str, modules: Path) -> Check:
    try:
        version = json.loads((modules / name / "package.json").read_text(encoding="utf-8"))["version"]
    except (OSError, ValueError, KeyError):
        return todo("tools", f"{name} is not installed in this checkout", then=SETUP)
    return ok("tools", f"{name} {version}")
