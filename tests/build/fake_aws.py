"""Stands in for aws on the PATH: a login, scans that go through the answers they are given, a bucket."""

import base64
import sys
from pathlib import Path
from typing import Any

from tests.build.state import fail, opened, refusal, say

State = dict[str, Any]


def main(arguments: list[str]) -> int:
    call = " ".join(arguments)
    with opened() as state:
        state["calls"].append(f"aws {call}")
        said = refusal(state, f"aws {call}")
        if said is not None:
            return failed(said)
        return answer(state, arguments[0], arguments[1], options(arguments[2:]))


def options(arguments: list[str]) -> dict[str, str]:
    """Options by name; a value without one, such as the file of get-object, is under its own."""
    given: dict[str, str] = {}
    rest = iter([each for each in arguments if each != "--no-paginate"])
    for each in rest:
        name, value = (each, next(rest)) if each.startswith("--") else ("file", each)
        given[name] = value
    return given


def answer(state: State, service: str, action: str, given: dict[str, str]) -> int:
    match service, action:
        case "ecr", "get-login-password":
            return say("the-token")
        case "ecr-public", "get-login-password":
            return public_password(given["--region"])
        case "ecr", "describe-image-scan-findings":
            return scan(state, given["--query"])
        case "s3api", "put-object":
            return put(state, given)
        case "s3api", "get-object":
            content = state["bucket"][f"{given['--bucket']}/{given['--key']}"]
            Path(given["file"]).write_bytes(base64.b64decode(content))
            return 0
    raise SystemExit(f"fake aws knows no {service} {action}")


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
