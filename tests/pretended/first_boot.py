"""A fresh Amazon Linux 2023 host, as far as user data meets it: dnf, systemd, Docker, and AWS's two agents.

Everything below the host's root is a file there; what runs, and with which settings it was started, is in
``machine``. A program is on the PATH once its package is installed.
"""

import json
import re
import shutil
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from constructs_lib.user_data import CLOUD_INIT_LOG

from tests.pretended.arguments import Refused, given
from tests.pretended.python import place_python
from tests.pretended.server import Server, World, fail_where_told

REGION = "eu-central-1"
RELEASES = f"https://aws-codedeploy-{REGION}.s3.{REGION}.amazonaws.com/releases"
AGENTS = ("codedeploy-agent-1.8.1-26.noarch.rpm", "codedeploy-agent-2.1.0-9745926189.x86_64.rpm")
REALLY = ("bash", "cat", "date", "install", "rm", "sed", "tail", "touch")
PRETENDED = ("aws", "curl", "dnf", "sleep", "systemctl", "timeout")
INSTANCE, GROUP, HOOK = "i-0123456789abcdef0", "my-app-staging-20261129", "first-boot"
AGENT_LOGS = "/my-app/staging/agent"
CONTROL = "/opt/aws/amazon-cloudwatch-agent/bin/amazon-cloudwatch-agent-ctl"
DOCKER, AGENT, WATCH = "docker.service", "codedeploy-agent.service", "amazon-cloudwatch-agent.service"
SETTINGS = "/etc/codedeploy-agent/conf/codedeployagent.yml"
PACKAGES = {
    "docker": ("docker", DOCKER),
    "amazon-cloudwatch-agent": (CONTROL, WATCH),
    "ruby3.2": ("ruby", ""),
}
"""What Amazon Linux 2023 has, of what is of interest: the program and the unit that a package brings."""


@dataclass
class Unit:
    """A service. starts: the settings that it was started with, time after time."""

    enabled: bool = False
    active: bool = False
    starts: list[str] = field(default_factory=list)


@dataclass
class Machine:
    """What the host is: its files lie below root, its packages and units are here.

    loaded: the drop-ins that systemd has read. deaf: Docker runs and does not answer. dies: the CodeDeploy
    agent ends as soon as it is started. lifecycle: where Auto Scaling has the host. later: how often its
    launch hook is asked for before it is its turn. logs: what was sent to CloudWatch, by stream.
    """

    root: Path
    packages: list[str] = field(default_factory=list)
    units: dict[str, Unit] = field(default_factory=dict)
    loaded: dict[str, str] = field(default_factory=dict)
    deaf: bool = False
    dies: bool = False
    lifecycle: str = "Pending:Wait"
    later: int = 0
    logs: dict[str, list[str]] = field(default_factory=dict)

    def path(self, path: str) -> Path:
        """Where a file of the host lies."""
        return self.root / path.lstrip("/")

    def text(self, path: str) -> str:
        """What a file of the host holds, as a program on the host reads it; empty if there is none."""
        file = self.path(path)
        return file.read_text().replace(str(self.root), "") if file.is_file() else ""

    def reload(self) -> None:
        """systemd reads its files again: before that, a new drop-in has no effect (systemctl(1))."""
        for drop_in in self.path("/etc/systemd/system").glob("*.d/*.conf"):
            self.loaded[drop_in.parent.name.removesuffix(".d")] = self.text(
                f"/{drop_in.relative_to(self.root)}"
            )

    def start(self, name: str) -> None:
        """Starts a unit, or skips it if a condition does not hold, which is not an error."""
        unit = self.unit(name)
        if (condition := self.condition(name)) and not self.path(condition).exists():
            return
        unit.starts.append(START[name](self))
        unit.active = True

    def condition(self, name: str) -> str:
        """The file that a unit waits for."""
        found = re.search(r"^ConditionPathExists=(\S+)", self.loaded.get(name, ""), re.MULTILINE)
        return found[1] if found else ""

    def unit(self, name: str) -> Unit:
        """A unit that a package brought."""
        full = name if name.endswith(".service") else f"{name}.service"
        if full not in self.units:
            raise Refused(f"Failed to start {full}: Unit {full} not found.")
        return self.units[full]

    def reboot(self) -> None:
        """What is enabled starts again; after another only if it says so, and by name, as systemd may."""
        self.reload()
        for unit in self.units.values():
            unit.active = False
        waiting = sorted(name for name, unit in self.units.items() if unit.enabled)
        while waiting:
            free = [name for name in waiting if not self._after(name) & set(waiting)]
            self.start(free[0])
            waiting.remove(free[0])

    def _after(self, name: str) -> set[str]:
        found = re.findall(r"^After=(\S+)", self.loaded.get(name, ""), re.MULTILINE)
        return set(found)


def _docker_starts(machine: Machine) -> str:
    settings = machine.text("/etc/docker/daemon.json")
    try:
        json.loads(settings or "{}")
    except ValueError as error:
        raise Refused("Job for docker.service failed because the control process exited") from error
    return settings


def _agent_starts(machine: Machine) -> str:
    docker = machine.units.get(DOCKER, Unit())
    return machine.text(SETTINGS) + ("" if docker.active else "without Docker\n")


def _watch_starts(machine: Machine) -> str:
    return machine.text("/opt/aws/amazon-cloudwatch-agent/etc/amazon-cloudwatch-agent.d/file")


START: dict[str, Callable[[Machine], str]] = {
    DOCKER: _docker_starts,
    AGENT: _agent_starts,
    WATCH: _watch_starts,
}


def dnf(machine: Machine, arguments: list[str]) -> str:
    """dnf5 asks on the terminal unless it is told, and there is none."""
    words = [argument for argument in arguments if argument != "--quiet"]
    if "--assumeyes" not in words:
        raise Refused("Is this ok [y/N]: Operation aborted.")
    words.remove("--assumeyes")
    if words[:1] != ["install"]:
        raise Refused(f"No such command: {words[:1]}")
    if words[1].endswith(".rpm"):
        return _install_agent(machine, Path(words[1]))
    unknown = [word for word in words[1:] if word not in PACKAGES]
    if unknown:
        raise Refused(f"No match for argument: {unknown}\nError: Unable to find a match")
    for name in words[1:]:
        program, unit = PACKAGES[name]
        machine.packages.append(name)
        place_program(machine, program)
        if unit:
            machine.units[unit] = Unit()
    return ""


def _install_agent(machine: Machine, package: Path) -> str:
    """A package starts the agent by itself; 1.x wants Ruby, and brings its settings (dnf-local(8))."""
    if not package.is_file() or package.read_text() != package.name:
        raise Refused(f"Could not open: {package}")
    first = package.name == AGENTS[0]
    if first and "ruby3.2" not in machine.packages:
        raise Refused("nothing provides ruby >= 2.0 needed by codedeploy-agent-1.8.1-26.noarch")
    if first:
        settings = machine.path(SETTINGS)
        settings.parent.mkdir(parents=True, exist_ok=True)
        settings.write_text(":log_aws_wire: false\n:max_revisions: 5\n")
    machine.units.setdefault(AGENT, Unit())
    machine.start(AGENT)
    return ""


def place_program(machine: Machine, program: str) -> None:
    """Puts a program where its package puts it."""
    place = machine.path(program) if program.startswith("/") else machine.root / "bin" / program
    place.parent.mkdir(parents=True, exist_ok=True)
    place.unlink(missing_ok=True)
    place.symlink_to(machine.root / "pretended")


def systemctl(machine: Machine, arguments: list[str]) -> str:
    verb, *rest = arguments
    flags = {each for each in rest if each.startswith("--")}
    names = [each for each in rest if not each.startswith("--")]
    if flags - VERBS.get(verb, set()) or verb not in VERBS:
        raise Refused(f"Unknown command verb or option: {arguments}")
    if verb == "daemon-reload":
        machine.reload()
        return ""
    (name,) = (each if each.endswith(".service") else f"{each}.service" for each in names)
    unit = machine.unit(name)
    if verb == "enable":
        unit.enabled = True
    if verb == "is-active" and (not unit.active or (machine.dies and name == AGENT)):
        raise Refused("" if "--quiet" in flags else "inactive")
    if verb in ("start", "restart") or "--now" in flags:
        machine.start(name)
    return ""


VERBS = {
    "daemon-reload": set[str](),
    "enable": {"--now"},
    "is-active": {"--quiet"},
    "restart": set[str](),
    "start": set[str](),
}


def docker(machine: Machine, arguments: list[str]) -> str:
    if arguments != ["info"]:
        raise Refused(f"docker: {arguments} is not a docker command.")
    if not machine.unit(DOCKER).active or machine.deaf:
        raise Refused("Cannot connect to the Docker daemon at unix:///var/run/docker.sock.")
    return "Server Version: 25.0.14\n"


def curl(machine: Machine, arguments: list[str]) -> str:
    """Fetches a package. What S3 does not have is a page that says so, and no error unless asked for."""
    flags = {
        argument for argument in arguments if argument in ("--fail", "--silent", "--show-error", "--location")
    }
    *rest, address = [argument for argument in arguments if argument not in flags]
    values = given(rest, "--max-time", "--output", optional=("--max-time",))
    if not float(values.get("--max-time", 0)):
        raise Refused("curl: a connection that stalls is waited for for ever")
    there = address in [f"{RELEASES}/{agent}" for agent in AGENTS]
    if not there and "--fail" in flags:
        raise Refused("curl: (22) The requested URL returned error: 403")
    Path(values["--output"]).write_text(
        address.rpartition("/")[2] if there else "<Error><Code>AccessDenied</Code></Error>"
    )
    return ""


def control(machine: Machine, arguments: list[str]) -> str:
    """amazon-cloudwatch-agent-ctl: takes a configuration; -s starts the agent with it, and for good."""
    starts = "-s" in arguments
    values = given([argument for argument in arguments if argument != "-s"], "-a", "-m", "-c")
    file = Path(values["-c"].removeprefix("file:"))
    if values["-a"] != "fetch-config" or values["-m"] != "ec2" or not file.is_file():
        raise Refused(f"Fail to fetch the config! {values}")
    kept = machine.path("/opt/aws/amazon-cloudwatch-agent/etc/amazon-cloudwatch-agent.d/file")
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_text(file.read_text())
    if starts:
        machine.unit(WATCH).enabled = True
        machine.start(WATCH)
    return ""


def aws(machine: Machine, arguments: list[str]) -> str:
    service, operation, *rest = arguments
    return AWS_CALLS[f"{service} {operation}"](machine, rest)


def _create_log_stream(machine: Machine, arguments: list[str]) -> str:
    values = given(arguments, "--region", "--log-group-name", "--log-stream-name")
    if values["--log-group-name"] != AGENT_LOGS or values["--region"] != REGION:
        raise Refused("ResourceNotFoundException: The specified log group does not exist.")
    if values["--log-stream-name"] in machine.logs:
        raise Refused("ResourceAlreadyExistsException: The specified log stream already exists")
    machine.logs[values["--log-stream-name"]] = []
    return ""


def _put_log_events(machine: Machine, arguments: list[str]) -> str:
    """An event has a time and one character at least (API_InputLogEvent)."""
    values = given(arguments, "--region", "--log-group-name", "--log-stream-name", "--log-events")
    if values["--log-stream-name"] not in machine.logs:
        raise Refused("ResourceNotFoundException: The specified log stream does not exist.")
    for event in json.loads(values["--log-events"]):
        if not event["message"] or abs(event["timestamp"] / 1000 - time.time()) > 3600:
            raise Refused("InvalidParameterException: Log event message must not be empty")
        machine.logs[values["--log-stream-name"]].append(event["message"])
    return json.dumps({"nextSequenceToken": "1"})


def _describe_instance(machine: Machine, arguments: list[str]) -> str:
    values = given(arguments, "--region", "--instance-ids", "--output", "--query")
    if values["--query"] != "AutoScalingInstances[0].[AutoScalingGroupName,LifecycleState]":
        raise Refused("Bad value for --query")
    if values["--instance-ids"] != INSTANCE or values["--output"] != "text" or not machine.lifecycle:
        return "None\tNone\n"
    return f"{GROUP}\t{machine.lifecycle}\n"


def _complete_lifecycle_action(machine: Machine, arguments: list[str]) -> str:
    options = ("--region", "--auto-scaling-group-name", "--lifecycle-hook-name", "--instance-id")
    *known, result = [
        given(arguments, *options, "--lifecycle-action-result")[option]
        for option in (*options, "--lifecycle-action-result")
    ]
    machine.later -= 1
    waits = machine.lifecycle == "Pending:Wait" and machine.later < 0
    if known != [REGION, GROUP, HOOK, INSTANCE] or not waits:
        raise Refused(f"ValidationError: No active Lifecycle Action found with instance ID {known[-1]}")
    machine.lifecycle = "InService" if result == "CONTINUE" else ""
    return ""


AWS_CALLS: dict[str, Callable[[Machine, list[str]], str]] = {
    "autoscaling complete-lifecycle-action": _complete_lifecycle_action,
    "autoscaling describe-auto-scaling-instances": _describe_instance,
    "logs create-log-stream": _create_log_stream,
    "logs put-log-events": _put_log_events,
}

PROGRAMS: dict[str, Callable[[Machine, list[str]], str]] = {
    "amazon-cloudwatch-agent-ctl": control,
    "aws": aws,
    "curl": curl,
    "dnf": dnf,
    "docker": docker,
    "systemctl": systemctl,
}


@dataclass(frozen=True)
class Booted:
    """A host after its first boot: how the script ended, what it said, and what the host is now."""

    status: int
    said: str
    slept: list[float]
    calls: list[str]
    machine: Machine

    @property
    def shipped(self) -> str:
        """What it sent to CloudWatch of its first boot by itself."""
        sent = "".join(self.machine.logs.get(f"{INSTANCE}/first-boot", ()))
        return sent.replace(str(self.machine.root), "")


def boot(root: Path, script: str, *, faults: dict[str, int] | None = None, **wrong: str | int) -> Booted:
    """Runs user data whole, on a fresh host whose root is a directory.

    faults: how often a call fails that looks so. wrong: what the host has wrong with it (``Machine``).
    """
    made = Machine(root, **wrong)  # type: ignore[arg-type]  # its fields
    told = [{"call": call, "says": "it fails", "times": times} for call, times in (faults or {}).items()]
    world: World = {"calls": [], "hangs": "", "faults": told, "slept": [], "unlimited": []}

    def perform(world: World, call: list[str]) -> tuple[int, str]:
        try:
            if call[0] == "sleep":
                world["slept"].append(float(call[1]))
                return 0, ""
            world["calls"].append(" ".join(call))
            fail_where_told(world, " ".join(call))
            return 0, PROGRAMS[call[0]](made, call[1:])
        except Refused as refused:
            return 1, f"{refused}\n"

    with Server(world, perform) as server:
        _furnish(made, server.client)
        output = made.path(CLOUD_INIT_LOG)
        with output.open("wb") as log:
            done = subprocess.run(
                ["bash", "-c", _below(root, script)],
                env={"PATH": str(root / "bin"), "TMPDIR": str(root / "tmp")},
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                check=False,
                timeout=60,
            )
        server.shutdown()
    assert not [each for each in world["unlimited"] if not each.startswith("curl ")]  # curl has --max-time
    said = output.read_text().replace(str(root), "")
    return Booted(done.returncode, said, world["slept"], world["calls"], made)


def _furnish(machine: Machine, client: str) -> None:
    for directory in ("bin", "tmp", "etc/systemd/system", "var/log", "var/lib/cloud/data"):
        (machine.root / directory).mkdir(parents=True)
    machine.path("/var/lib/cloud/data/instance-id").write_text(f"{INSTANCE}\n")
    pretended = machine.root / "pretended"
    pretended.write_text(client)
    pretended.chmod(0o755)
    for name in REALLY:
        (machine.root / "bin" / name).symlink_to(shutil.which(name) or f"/no/{name}")
    for name in PRETENDED:
        place_program(machine, name)
    place_python(machine.root / "bin")


def _below(root: Path, script: str) -> str:
    """The script with the host's files below its root, whose path no shell has to quote."""
    if not re.fullmatch(r"[\w/.-]+", str(root)):
        raise ValueError(f"a shell would have to quote {root}")
    return re.sub(r"(?<![\w.])(/(?:etc|opt|tmp|var)/)", rf"{root}\1", script)
