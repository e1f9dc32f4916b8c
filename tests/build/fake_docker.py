"""Stands in for docker on the PATH: images have digests, pushes reach a registry that is a dictionary."""

import hashlib
import json
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

from tests.build.state import fail, opened, refusal, say

State = dict[str, Any]


def main(arguments: list[str]) -> int:
    call = " ".join(arguments)
    with opened() as state:
        state["calls"].append(f"docker {call}")
        said = refusal(state, f"docker {call}")
        if said is not None:
            return fail(said)
        code = listing(state, arguments)
        return answer(state, arguments) if code is None else code


def answer(state: State, arguments: list[str]) -> int:
    match arguments:
        case ["version"]:
            code = 0
        case ["buildx", *rest]:
            code = buildx(state, rest)
        case ["build", *rest]:
            code = build(state, rest, loads=True)
        case ["login", *_, _]:
            state["password"] = sys.stdin.read()
            code = 0
        case ["tag", old, new]:
            state["local"][new] = state["local"][old]
            code = 0
        case ["pull", reference]:
            code = pull(state, reference)
        case ["push", reference]:
            code = push(state, reference)
        case ["image", "inspect", "--format", field, reference]:
            image = state["local"][reference]
            code = say({"{{.Architecture}}": image["arch"], "{{.Created}}": image["created"]}[field])
        case _:
            code = fail(f"fake docker knows no {arguments}")
    return code


def listing(state: State, arguments: list[str]) -> int | None:
    """What sbom.sh asks for; None for all else."""
    match arguments:
        case ["build", "--file", "scripts/build/sbom.Dockerfile", *rest]:
            return list_contents(state, rest)
        case ["create", "an-image", "none"]:
            return say("a-container")
        case ["cp", "a-container:/sbom.json", target]:
            Path(target).write_text(json.dumps(state["listed"]))
            return 0
        case ["rm", "a-container"] | ["image", "rm", "an-image"]:
            return 0
    return None


def buildx(state: State, arguments: list[str]) -> int:
    if not state["buildx"]:
        return fail("docker: 'buildx' is not a docker command.")
    if arguments[0] == "inspect" and "--bootstrap" not in arguments:
        return 1  # no builder yet
    if arguments[0] == "build":
        return build(state, arguments[1:], loads="--load" in arguments)
    return 0


def build(state: State, arguments: list[str], *, loads: bool) -> int:
    """Every build gives another image, as the clock would."""
    tags = [value for option, value in pairwise(arguments) if option == "--tag"]
    state["built"] += 1
    if loads:
        for tag in tags:
            state["local"][tag] = image(state)
    return 0


def list_contents(state: State, arguments: list[str]) -> int:
    """A list that says what it was asked to list; a machine's image has to be there for it."""
    given = dict(value.split("=", 1) for option, value in pairwise(arguments) if option == "--build-arg")
    if given["IMAGE"] not in state["local"]:
        return fail(f"pull access denied for {given['IMAGE']}")
    state["listed"] = {"components": [{"name": "python"}], "of": given}
    Path(dict(pairwise(arguments))["--iidfile"]).write_text("an-image")
    return 0


def image(state: State) -> State:
    number = state["built"]
    return {
        "digest": "sha256:" + hashlib.sha256(str(number).encode()).hexdigest(),
        "created": f"2026-11-23T06:00:{number:02}.123456789Z",
        "arch": state["arch"],
    }


def pull(state: State, reference: str) -> int:
    if reference not in state["registry"]:
        return fail(f"Error: manifest for {reference} not found: manifest unknown")
    state["local"][reference] = state["registry"][reference]
    return say(
        f"Digest: {state['local'][reference]['digest']}\nStatus: Downloaded newer image for {reference}"
    )


def push(state: State, reference: str) -> int:
    state["registry"][reference] = state["local"][reference]
    digest = state["local"][reference]["digest"]
    return say(f"{reference.rpartition(':')[2]}: digest: {digest} size: 1992")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
