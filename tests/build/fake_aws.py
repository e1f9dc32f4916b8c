"""Stands in for aws on the PATH: a login, scans that go through the answers they are given, a bucket."""

import base64
import sys
from pathlib import Path
from typing import Any

from tests.build.state import fail, opened, refusal, say
from tests.pretended.arguments import Refused, given

State = dict[str, Any]


def main(arguments: list[str]) -> int:
    call = " ".join(arguments)
    with opened() as state:
        state["calls"].append(f"aws {call}")
        said = refusal(state, f"aws {call}")
        if said is not None:
            return failed(said)
        try:
            return answer(state, arguments[:2], arguments[2:])
        except Refused as refused:
            return failed(str(refused))


def answer(state: State, call: list[str], words: list[str]) -> int:
    match call:
        case ["ecr", "get-login-password"]:
            of_the_build(given(words, "--region"))
            code = say("the-token")
        case ["ecr-public", "get-login-password"]:
            code = public_password(given(words, "--region")["--region"])
        case ["ecr", "describe-image-scan-findings"]:
            named = [word for word in words if word != "--no-paginate"]
            code = scan(state, of_the_build(given(named, *SCANNED))["--query"])
        case ["s3api", "put-object"]:
            code = put(state, of_the_build(given(words, *WRITTEN, optional=("--if-none-match",))))
        case ["s3api", "get-object"]:
            *named, file = words
            values = of_the_build(given(named, "--region", "--bucket", "--key"))
            content = state["bucket"][f"{values['--bucket']}/{values['--key']}"]
            Path(file).write_bytes(base64.b64decode(content))
            code = 0
        case _:
            raise Refused(f"aws: error: argument operation: Invalid choice: {call}")
    return code


SCANNED = ("--region", "--repository-name", "--image-id", "--output", "--query")
WRITTEN = ("--region", "--bucket", "--key", "--body", "--content-type", "--if-none-match")


def of_the_build(values: dict[str, str]) -> dict[str, str]:
    """Its options, if they name the build's region: everything that it asks for is there."""
    if values["--region"] != "eu-central-1":
        raise Refused(f"there is nothing of this build in {values['--region']}")
    return values


def public_password(region: str) -> int:
    """ECR Public's API is in one region (AmazonECR/latest/public/public-registry-auth.html)."""
    if region != "us-east-1":
        return failed(
            f'Could not connect to the endpoint URL: "https://api.ecr-public.{region}.amazonaws.com/"'
        )
    return say("the-public-token")


def failed(said: str) -> int:
    return fail(said, 254)


def scan(state: State, query: str) -> int:
    """The next of the answers; the last one stays. One that is text is an error."""
    import jmespath  # takes its time, and only this call needs it

    answers = state["scans"]
    current = answers.pop(0) if len(answers) > 1 else answers[0]
    if isinstance(current, str):
        return failed(current)
    return say(as_text(jmespath.search(query, current)))


def as_text(found: list[object]) -> str:
    """As `--output text` prints lists: tabs between, a line for each inner list, None for null."""
    if found and all(isinstance(each, list) for each in found):
        return "\n".join(as_text(each) for each in found if isinstance(each, list))
    return "\t".join(str(each) for each in found)


def put(state: State, given: dict[str, str]) -> int:
    place = f"{given['--bucket']}/{given['--key']}"
    if given.get("--if-none-match") == "*" and place in state["bucket"]:
        return failed(
            "An error occurred (PreconditionFailed) when calling the PutObject operation: At least one"
        )
    state["bucket"][place] = base64.b64encode(Path(given["--body"]).read_bytes()).decode()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
