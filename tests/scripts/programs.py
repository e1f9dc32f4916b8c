"""Pretends to be docker, aws, curl and sleep on a host that is one dictionary.

Only what the host scripts use is here. The programs that the scripts find are a few lines of shell
(``CLIENT``), which hand each call to this process and start nothing: a script makes some thirty of them.
Here, a test can look at everything.
"""

import itertools
import json
import os
import re
import socketserver
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

World = dict[str, Any]
Thing = dict[str, Any]
RUNNING = ("running", "restarting")
QUESTIONS = (
    *("aws ecr", "docker version", "docker info", "docker container inspect", "docker image inspect"),
    *("docker image ls", "docker ps", "docker logs"),
)

CLIENT = """#!/bin/bash
exec 3<>/dev/tcp/127.0.0.1/@port@
if [[ "${1:-}" == login ]]; then
  IFS= read -r -d '' given
  set -- "${@}" "<${given}" "${DOCKER_CONFIG}"
fi
printf '%s\\0' "${#}" "${0##*/}" "${@}" >&3
read -r status <&3
IFS= read -r -d '' said <&3
if ((status)); then printf '%s' "${said}" >&2; else printf '%s' "${said}"; fi
exit "${status}"
"""


class Refused(Exception):
    """The program says this on standard error, and fails."""


class Server(socketserver.ThreadingTCPServer):
    """Takes calls for a host until it is closed; kills the script where it is told to."""

    daemon_threads = True

    def __init__(self, world: World) -> None:
        super().__init__(("127.0.0.1", 0), Call)
        self.world = world
        self.lock = threading.Lock()
        self.script = 0
        self.client = CLIENT.replace("@port@", str(self.server_address[1]))
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()


class Call(socketserver.StreamRequestHandler):
    """One call of a program."""

    server: Server

    def handle(self) -> None:
        words = [self._word() for _ in range(int(self._word()) + 1)]
        with self.server.lock:
            status, said = perform(self.server.world, words)
            kill = self.server.world["kill"]
            if kill and len(changes(self.server.world["calls"])) == kill["after"]:
                self.server.world["kill"] = None
                os.killpg(self.server.script, kill["signal"])
            if words[0] == "curl" and self.server.world.get("signal_at_request"):
                os.killpg(self.server.script, self.server.world.pop("signal_at_request"))
        with suppress(OSError):  # whoever was killed does not listen any more
            self.wfile.write(f"{status}\n{said}".encode())

    def _word(self) -> str:
        word = b""
        while (byte := self.rfile.read(1)) != b"\0":
            word += byte
        return word.decode()


def changes(calls: list[str]) -> list[str]:
    """Those of the calls that are more than questions."""
    return [call for call in calls if not call.startswith(QUESTIONS)]


def perform(world: World, call: list[str]) -> tuple[int, str]:
    """The exit code, and what it says."""
    line = " ".join(call)
    if call[0] in ("docker", "aws"):
        world["calls"].append(line)
    try:
        for fault in world["faults"]:
            if re.search(fault["call"], line) and fault["times"]:
                fault["times"] -= 1
                raise Refused(fault["says"])
        return 0, PROGRAMS[call[0]](world, call[1:])
    except Refused as refused:
        return 1, f"{refused}\n"


def aws(world: World, arguments: list[str]) -> str:
    if arguments[:2] == ["ecr", "get-login-password"]:
        return "a-token"
    return json.dumps({"Parameters": world["parameters"]})


def curl(world: World, arguments: list[str]) -> str:
    """What the container that runs answers, as its image is said to."""
    serving = [each for each in world["containers"].values() if each["State"]["Status"] == "running"]
    app = world["registry"][serving[0]["Image"]] if serving else {"health": "000"}
    return str(app.get("version", "") if arguments[-1].endswith("/version") else app["health"])


def sleep(world: World, arguments: list[str]) -> str:
    world["slept"] += float(arguments[0])
    return ""


def docker(world: World, arguments: list[str]) -> str:
    words = 2 if arguments[0] in ("image", "container") else 1
    return DOCKER[" ".join(arguments[:words])](world, arguments[words:])


def version(world: World, arguments: list[str]) -> str:
    return rendered(arguments[-1], {"Server": {"Version": "25.0", "Arch": world["architecture"]}})


def info(_world: World, arguments: list[str]) -> str:
    return rendered(arguments[-1], {"MemTotal": 4_000_000_000})


def login(_world: World, arguments: list[str]) -> str:
    token, configuration = arguments[-2:]
    if token != "<a-token" or "--password-stdin" not in arguments:
        raise Refused("Error response from daemon: unauthorized: authentication required")
    Path(configuration, "config.json").write_text("a-token")
    return "Login Succeeded"


def pull(world: World, arguments: list[str]) -> str:
    reference = arguments[-1]
    if reference not in world["registry"]:
        raise Refused(f"Error response from daemon: manifest for {reference} not found: manifest unknown")
    world["images"].append(
        {
            "Id": f"sha256:id-of-{reference.rpartition(':')[2]}",
            "Architecture": world["registry"][reference].get("architecture", "amd64"),
            "RepoTags": [],
            "RepoDigests": [reference],
            "Metadata": {"LastTagTime": "0001-01-01T00:00:00Z"},
        }
    )
    return reference


def tag(world: World, arguments: list[str]) -> str:
    tagged = image(world, arguments[0])
    world["tagged"] += 1
    tagged["Metadata"]["LastTagTime"] = f"2026-11-23T06:00:{world['tagged']:02}Z"
    tagged["RepoTags"] = [*({*tagged["RepoTags"], arguments[1]})]
    return ""


def image_inspect(world: World, arguments: list[str]) -> str:
    template = option(arguments, "--format", "{{.Id}}")
    names = [each for each in arguments if each not in ("--format", template)]
    return "".join(f"{rendered(template, image(world, name))}\n" for name in names)


def image_ls(world: World, arguments: list[str]) -> str:
    wanted = filters(arguments)["reference"]
    named = [
        each for each in world["images"] if any(name.startswith(f"{wanted}@") for name in each["RepoDigests"])
    ]
    return "".join(f"{each['Id']}\n" for each in named)


def image_rm(world: World, arguments: list[str]) -> str:
    removed = image(world, arguments[0])
    repository = arguments[0].rpartition(":")[0]
    if [each for each in removed["RepoTags"] if each.startswith(f"{repository}:")] == [arguments[0]]:
        # With the last tag of a repository, Docker takes its digests away too.
        digests = removed["RepoDigests"]
        digests[:] = [each for each in digests if not each.startswith(f"{repository}@")]
    for names in (removed["RepoTags"], removed["RepoDigests"]):
        names[:] = [each for each in names if each != arguments[0]]
    if world.get("disk_full") and arguments[0] != removed["Id"]:
        raise Refused("write /var/lib/docker/image/.tmp-repositories.json: no space left on device")
    if not removed["RepoTags"] and not removed["RepoDigests"]:
        world["images"].remove(removed)
    return ""


def create(world: World, arguments: list[str]) -> str:
    name, environment = option(arguments, "--name"), Path(option(arguments, "--env-file"))
    if name in world["containers"]:
        raise Refused(f"Error response from daemon: Conflict. The container name {name} is already in use")
    image(world, arguments[-1])
    world["containers"][name] = {
        "Image": arguments[-1],
        "State": {"Status": "created", "ExitCode": 0},
        "RestartCount": 0,
        "Config": {"Labels": dict(each.split("=", 1) for each in options(arguments, "--label"))},
        "RestartPolicy": option(arguments, "--restart"),
        "Arguments": arguments,
        "Environment": environment.read_text(),
        "EnvironmentMode": oct(environment.stat().st_mode & 0o777),
    }
    return "an-id"


def start(world: World, arguments: list[str]) -> str:
    started = container(world, arguments[0])
    app = world["registry"][started["Image"]]
    if app.get("start") and started["State"]["Status"] not in RUNNING:
        raise Refused(f"Error response from daemon: {app['start']}")
    others = [each for each in world["containers"].values() if each is not started]
    if any(each["State"]["Status"] in RUNNING for each in others):
        raise Refused("Error response from daemon: Bind for 0.0.0.0:8080 failed: port is already allocated")
    started["State"]["Status"] = app.get("state", "running")
    return ""


def stop(world: World, arguments: list[str]) -> str:
    container(world, arguments[-1])["State"]["Status"] = "exited"
    return ""


def rename(world: World, arguments: list[str]) -> str:
    old, new = arguments
    container(world, old)
    if new in world["containers"]:
        raise Refused(f"Error response from daemon: Conflict. The container name {new} is already in use")
    world["containers"][new] = world["containers"].pop(old)
    return ""


def update(world: World, arguments: list[str]) -> str:
    container(world, arguments[-1])["RestartPolicy"] = option(arguments, "--restart")
    return ""


def rm(world: World, arguments: list[str]) -> str:
    container(world, arguments[-1])
    del world["containers"][arguments[-1]]
    return ""


def container_inspect(world: World, arguments: list[str]) -> str:
    looked_at = container(world, arguments[-1])
    looked_at["RestartCount"] += world.get("restarts_at_each_look", 0)
    return rendered(option(arguments, "--format"), looked_at)


def ps(world: World, arguments: list[str]) -> str:
    wanted = filters(arguments)
    shown = world["containers"].items()
    if "ancestor" in wanted:
        used = image(world, wanted["ancestor"])["RepoDigests"]
        return "".join("an-id\n" for _, each in shown if each["Image"] in used)
    return "".join("an-id\n" for name, _ in shown if re.search(wanted["name"], f"/{name}"))


def logs(world: World, arguments: list[str]) -> str:
    container(world, arguments[-1])
    return "the last words of the container\n"


def container(world: World, name: str) -> Thing:
    if name not in world["containers"]:
        raise Refused(f"Error response from daemon: No such container: {name}")
    there: Thing = world["containers"][name]
    return there


def image(world: World, reference: str) -> Thing:
    there: Thing
    for there in world["images"]:
        if reference in (there["Id"], *there["RepoTags"], *there["RepoDigests"]):
            return there
    raise Refused(f"Error: No such image: {reference}")


def option(arguments: list[str], name: str, default: str = "") -> str:
    return arguments[arguments.index(name) + 1] if name in arguments else default


def options(arguments: list[str], name: str) -> list[str]:
    return [value for at, value in itertools.pairwise(arguments) if at == name]


def filters(arguments: list[str]) -> dict[str, str]:
    return dict(each.split("=", 1) for each in options(arguments, "--filter"))


def rendered(template: str, thing: Thing) -> str:
    """Go's templates, as far as the scripts go: a path, and index, json or join of one."""

    def value(match: re.Match[str]) -> str:
        verb, path, argument = match.groups()
        there: Any = thing
        for part in path.split("."):
            there = there[part]
        match verb:
            case "index":
                return str(there.get(argument, ""))
            case "join":
                return str(argument.join(there))
            case "json":
                return json.dumps(there)
            case _:
                return str(there)

    return re.sub(r'{{(?:(index|json|join) )?\.([.\w]+)(?: "([^"]*)")?}}', value, template)


Program = Callable[[World, list[str]], str]
PROGRAMS: dict[str, Program] = {"aws": aws, "curl": curl, "docker": docker, "sleep": sleep}
DOCKER: dict[str, Program] = {
    "version": version,
    "info": info,
    "login": login,
    "pull": pull,
    "tag": tag,
    "image inspect": image_inspect,
    "image ls": image_ls,
    "image rm": image_rm,
    "create": create,
    "start": start,
    "stop": stop,
    "rename": rename,
    "update": update,
    "rm": rm,
    "container inspect": container_inspect,
    "ps": ps,
    "logs": logs,
}
