"""Pretends to be docker, aws, curl and sleep on a host that is one dictionary.

Only what the host scripts use is here.
"""

import json
import os
import re
from collections.abc import Callable
from itertools import takewhile
from pathlib import Path
from typing import Any

from tests.pretended.arguments import Refused, given, option, options
from tests.pretended.server import Server, World, fail_where_told

Thing = dict[str, Any]
RUNNING = ("running", "restarting")
QUESTIONS = (
    *(
        "aws ecr",
        "aws cloudwatch",
        "docker version",
        "docker info",
        "docker container inspect",
        "docker image inspect",
    ),
    *("docker image ls", "docker ps", "docker logs"),
)


def changes(calls: list[str]) -> list[str]:
    """Those of the calls that are more than questions."""
    return [call for call in calls if not call.startswith(QUESTIONS)]


def perform(world: World, call: list[str]) -> tuple[int, str]:
    """The exit code, and what it says."""
    line = " ".join(call)
    if call[0] in ("docker", "aws"):
        world["calls"].append(line)
    try:
        fail_where_told(world, line)
        return 0, PROGRAMS[call[0]](world, call[1:])
    except Refused as refused:
        return 1, f"{refused}\n"


def kill(server: Server, call: list[str]) -> None:
    """Ends the script where a test wants it ended."""
    told = server.world["kill"]
    if told and len(changes(server.world["calls"])) == told["after"]:
        server.world["kill"] = None
        os.killpg(server.script, told["signal"])
    if call[0] == "curl" and server.world.get("signal_at_request"):
        os.killpg(server.script, server.world.pop("signal_at_request"))


def aws(world: World, arguments: list[str]) -> str:
    """Each call in its own words; there is no region in the environment, so each has to name the host's."""
    match arguments:
        case ["ecr", "get-login-password", *rest]:
            given(rest, "--region")
            said = "a-token"
        case ["ssm", "get-parameters-by-path", *rest]:
            said = parameters(world, rest)
        case ["logs", "create-log-stream", *rest]:
            said = create_log_stream(world, rest)
        case ["cloudwatch", "put-metric-data", *rest]:
            said = put_metric_data(world, rest)
        case ["cloudwatch", "describe-alarms", *rest]:
            said = describe_alarms(world, rest)
        case _:
            raise Refused(f"aws: error: argument operation: Invalid choice: {arguments[:2]}")
    if option(arguments, "--region") != "eu-central-1":
        raise Refused(
            "You must specify a region. You can also configure your region by running aws configure"
        )
    return said


def parameters(world: World, arguments: list[str]) -> str:
    """Below the path: at any depth and decrypted only if that is asked for."""
    flags = [argument for argument in arguments if argument in ("--recursive", "--with-decryption")]
    values = given(
        [argument for argument in arguments if argument not in flags], "--region", "--path", "--output"
    )
    if values["--output"] != "json":
        raise Refused(f"aws: what is wanted is JSON, not {values['--output']}")
    found = [
        parameter for parameter in world["parameters"] if parameter["Name"].startswith(f"{values['--path']}/")
    ]
    if "--recursive" not in flags:
        found = [each for each in found if "/" not in each["Name"].removeprefix(f"{values['--path']}/")]
    if "--with-decryption" not in flags:
        found = [{**each, "Value": f"AQICAHh{len(each['Value'])}"} for each in found]
    return json.dumps({"Parameters": found})


def create_log_stream(world: World, arguments: list[str]) -> str:
    """CloudWatch Logs' own refusals: AmazonCloudWatchLogs/latest/APIReference/API_CreateLogStream.html."""
    call = "when calling the CreateLogStream operation"
    values = given(arguments, "--region", "--log-group-name", "--log-stream-name")
    group, stream = values["--log-group-name"], values["--log-stream-name"]
    if not re.fullmatch(r"[^:*]{1,512}", stream):
        raise Refused(f"An error occurred (InvalidParameterException) {call}: logStreamName")
    if group not in world["log_streams"]:
        raise Refused(
            f"An error occurred (ResourceNotFoundException) {call}: The specified log group does not exist."
        )
    if stream in world["log_streams"][group]:
        raise Refused(f"An error occurred (ResourceAlreadyExistsException) {call}: it already exists")
    world["log_streams"][group].append(stream)
    return ""


def put_metric_data(world: World, arguments: list[str]) -> str:
    """A data point; an alarm that the test names goes off at the data point that it says."""
    values = given(arguments, "--region", "--namespace", "--metric-name", "--value")
    world["published"].append(" ".join(values[each] for each in ("--namespace", "--metric-name", "--value")))
    world["alarms"] |= world["alarms_at"].get(len(world["published"]), {})
    return ""


def describe_alarms(world: World, arguments: list[str]) -> str:
    """Those that are on, as text: the query is the one of watch.sh."""
    at = arguments.index("--alarm-names") + 1
    names = list(takewhile(lambda each: not each.startswith("-"), arguments[at:]))
    values = given(arguments[: at - 1] + arguments[at + len(names) :], "--region", "--query", "--output")
    if "StateValue=='ALARM'" not in values["--query"] or values["--output"] != "text":
        raise Refused(f"aws: another question than was foreseen: {values}")
    return "".join(f"{name}\t{since}\n" for name, since in world["alarms"].items() if name in names)


def curl(world: World, arguments: list[str]) -> str:
    """What the container that runs answers, as its image is said to; past any proxy, and in time."""
    quiet = [argument for argument in arguments if argument in ("--silent", "--show-error")]
    *options, address = [argument for argument in arguments if argument not in quiet]
    values = given(options, "--noproxy", "--max-time", "--output", "--write-out", optional=OPTIONAL)
    world["asked"].append(address)
    if world["proxy"] and values.get("--noproxy") != "*":
        return "503" if "--write-out" in values else "<html>the proxy does not know this host</html>"
    if not float(values.get("--max-time", 0)):
        raise Refused("curl: it waits for ever")
    serving = [each for each in world["containers"].values() if each["State"]["Status"] == "running"]
    app = world["registry"][serving[0]["Image"]] if serving else {"health": "000"}
    if address.endswith("/version"):
        return str(app.get("version", ""))
    return str(app["health"] if values.get("--write-out") == "%{http_code}" else "")


OPTIONAL = ("--noproxy", "--max-time", "--output", "--write-out")


def sleep(world: World, arguments: list[str]) -> str:
    world["slept"] += float(arguments[0])
    return ""


def docker(world: World, arguments: list[str]) -> str:
    words = 2 if arguments[0] in ("image", "container") else 1
    call = " ".join(arguments[:words])
    if call not in DOCKER:
        raise Refused(f"docker: '{call}' is not a docker command.")
    flags = [
        argument
        for argument in arguments[words:]
        if argument.startswith("-") and not argument.startswith("--tmpfs=/")
    ]
    unknown = set(flags) - set(DOCKER_OPTIONS[call])
    if unknown - {"-"}:
        raise Refused(f"unknown flag: {' '.join(sorted(unknown))}")
    return DOCKER[call](world, arguments[words:])


def version(world: World, arguments: list[str]) -> str:
    return rendered(arguments[-1], {"Server": {"Version": "25.0", "Arch": world["architecture"]}})


def info(world: World, arguments: list[str]) -> str:
    return rendered(arguments[-1], {"MemTotal": world["memory"]})


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
    names = [argument for argument in arguments if argument not in ("--format", template)]
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
    if [repo_tag for repo_tag in removed["RepoTags"] if repo_tag.startswith(f"{repository}:")] == [
        arguments[0]
    ]:
        # With the last tag of a repository, Docker takes its digests away too.
        digests = removed["RepoDigests"]
        digests[:] = [digest for digest in digests if not digest.startswith(f"{repository}@")]
    for names in (removed["RepoTags"], removed["RepoDigests"]):
        names[:] = [name for name in names if name != arguments[0]]
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
    if any(other["State"]["Status"] in RUNNING for other in others):
        raise Refused("Error response from daemon: Bind for 0.0.0.0:8080 failed: port is already allocated")
    started["State"]["Status"] = app.get("state", "running")
    return ""


def stop(world: World, arguments: list[str]) -> str:
    """Until it has ended; in a slow world a stop only begins, and Docker goes on with it whoever is ended."""
    stopped = container(world, arguments[-1])
    stopped["Stopping"] = bool(world.get("slow_stop")) and option(arguments, "-t") != "0"
    if not stopped["Stopping"]:
        stopped["State"]["Status"] = "exited"
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
    return str(world["logs"])


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

DOCKER_OPTIONS: dict[str, tuple[str, ...]] = {
    "version": ("--format",),
    "info": ("--format",),
    "login": ("--username", "--password-stdin"),
    "pull": ("--quiet",),
    "tag": (),
    "image inspect": ("--format",),
    "image ls": ("--quiet", "--no-trunc", "--filter"),
    "image rm": (),
    "create": (
        *("--name", "--restart", "--env-file", "--env", "--publish", "--read-only", "--cap-drop"),
        *("--security-opt", "--memory", "--memory-swap", "--pids-limit", "--stop-timeout", "--log-driver"),
        *("--log-opt", "--label", "--cpus"),
    ),
    "start": (),
    "stop": ("-t",),
    "rename": (),
    "update": ("--restart",),
    "rm": ("--force",),
    "container inspect": ("--format",),
    "ps": ("--all", "--quiet", "--filter"),
    "logs": ("--tail",),
}
"""What each of these takes that a script may use: docs.docker.com/reference/cli/docker/."""
