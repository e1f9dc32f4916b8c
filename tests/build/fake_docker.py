"""Stands in for docker on the PATH: images have digests, pushes reach a registry that is a dictionary.

Engine and commands are as AWS's build images have them: BuildKit is the engine's own, and there are no
builders beside it.
"""

import hashlib
import json
import os
import sys
from pathlib import Path
from typing import Any

from tests.build.state import fail, opened, refusal, say
from tests.pretended.arguments import option, options

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
        case ["build", "--iidfile", file, "-"]:
            code = probe(state, Path(file))
        case ["build", *rest]:
            code = build(state, rest)
        case ["login", "--username", "AWS", "--password-stdin", _]:
            state["password"] = sys.stdin.read()
            code = 0 if state["password"] else fail("Error: Password Empty")
        case ["tag", old, new]:
            state["local"][new] = state["local"][old]
            code = 0
        case ["image", "inspect", reference]:
            code = 0 if reference in state["local"] else fail(f"Error: No such image: {reference}")
        case ["pull", reference]:
            code = pull(state, reference)
        case ["push", reference]:
            code = push(state, reference)
        case ["image", "inspect", "--format", field, reference]:
            image = state["local"][reference]
            code = say({"{{.Architecture}}": image["arch"], "{{.Created}}": image["created"]}[field])
        case _:
            code = fail(f"fake docker does not support {arguments}")
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
        case ["rm", "a-container"] | ["image", "rm", "an-image" | "a-probe"]:
            return 0
    return None


def has_buildkit(state: State) -> int:
    """Docker's own words where it is asked for and missing (docker/cli cmd/docker/builder.go)."""
    if os.environ.get("DOCKER_BUILDKIT") == "1" and not state["buildkit"]:
        return fail("ERROR: BuildKit is enabled but the buildx component is missing or broken.")
    return 0


def probe(state: State, file: Path) -> int:
    """Builds what stands on the standard input, if it can."""
    assert sys.stdin.read().startswith("FROM scratch\n")
    file.write_text("a-probe")
    return has_buildkit(state)


def build(state: State, arguments: list[str]) -> int:
    """Every build gives another image, as the clock would."""
    if code := has_buildkit(state):
        return code
    known = ("--file", "--build-arg", "--cache-from", "--target", "--tag")
    *words, context = [argument for argument in arguments if argument != "--no-cache"]
    if len(words) % 2 or set(words[::2]) - set(known) or not Path(context).is_dir():
        return fail(f"unknown flag: {words}")  # as --load and --provenance are, without buildx
    tags = options(words, "--tag")
    state["built"] += 1
    sys.stdout.write(state["says"])
    for tag in tags:
        state["local"][tag] = image(state)
    return 0


def list_contents(state: State, arguments: list[str]) -> int:
    """A list that says what it was asked to list; a machine's image has to be there for it."""
    given = dict(value.split("=", 1) for value in options(arguments, "--build-arg"))
    if given["IMAGE"] not in state["local"]:
        return fail(f"pull access denied for {given['IMAGE']}")
    state["listed"] = {"components": [{"name": "python"}], "of": given}
    Path(option(arguments, "--iidfile")).write_text("an-image")
    return 0


def image(state: State) -> State:
    number = state["built"]
    return {
        "digest": "sha256:" + hashlib.sha256(str(number).encode()).hexdigest(),
        "created": f"2026-11-23T06:00:{number:02}.123456789Z",
        "arch": state["arch"],
    }


def pull(state: State, reference: str) -> int:
    """From our registry, or from ECR Public, which has everything."""
    if reference.startswith("public.ecr.aws/"):
        state["local"][reference] = {}
        return say(f"Status: Downloaded newer image for {reference}")
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
