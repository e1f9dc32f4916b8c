"""``slipway permissions``: the permissions that applying and destroying the stacks needs."""

import json as jsons
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from pydantic import BaseModel, ConfigDict

from slipway import console
from slipway.checkout import project
from slipway.checkout.statements import printed
from slipway.cli.command import declare
from slipway.cli.options import Json
from slipway.console import documents
from slipway.console.errors import SlipwayError, UsageError

MANAGED = 6_144
"""Characters of a managed policy, without white space.

docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
"""

app = declare()


class PolicyDocument(BaseModel):
    """What ``slipway permissions --json`` prints: an IAM policy."""

    model_config = ConfigDict(
        extra="forbid", use_attribute_docstrings=True, json_schema_serialization_defaults_required=True
    )

    Version: Literal["2012-10-17"] = "2012-10-17"
    """The version of IAM's policy language."""
    Statement: list[dict[str, Any]]
    """The policy's statements: Effect, Action, Resource and, if there is one, Condition; with --key also Sid
    and Principal."""


@app.command()
def permissions(
    *,
    json: Json = False,
    into: Annotated[
        Path | None,
        typer.Option("--into", metavar="DIR", help="Write files, each small enough for a managed policy."),
    ] = None,
    key: Annotated[
        str | None,
        typer.Option("--key", metavar="ARN", help="What the policy of an existing KMS key must allow."),
    ] = None,
) -> None:
    """List the permissions that applying the stacks needs, as an IAM policy.

    \b
    slipway permissions                     actions, their resources and conditions
    slipway permissions --json              one IAM policy, for a permission set's inline policy
    slipway permissions --into policies     the same as files, each small enough for a managed policy
    slipway permissions --key ARN           what the policy of a key that exists already must allow

    The permissions to destroy the stacks, and to run the commands that only read, such as doctor, are
    included. Only this service's resources can be changed. It does not call AWS and needs no credentials.
    docs/permissions.md says where each permission comes from, and what is not allowed. CI's role for applying
    is created by the access stack: access.apply_subjects.

    Exit codes: 0 listed, 1 a file could not be written, 2 wrong settings or usage.
    """
    found = project.find(Path.cwd())
    if key is not None and into is not None:
        raise UsageError("--key cannot be used with --into", then="use --json, and redirect it to a file")
    rendered = printed(found, "modules.apply_permissions") if key is None else _of_key(found, key)
    if into is not None:
        for file in _written(rendered, into, found.names.service):
            console.data(str(file))
    elif json:
        documents.show(PolicyDocument(Statement=rendered))
    else:
        for statement in rendered:
            console.data(_in_words(statement))


def _of_key(found: project.Project, arn: str) -> list[dict[str, Any]]:
    """What the policy of a key must allow. Raises UsageError for a key that pipeline.toml does not name."""
    named = found.names.existing_keys
    if arn not in named:
        known = f"use one of: {', '.join(named)}" if named else "name one with key_arn"
        raise UsageError(f"pipeline.toml does not name the key {arn}", then=known)
    statements: list[dict[str, Any]] = printed(found, "modules.keys")[arn]
    return statements


def _written(statements: list[dict[str, Any]], into: Path, service: str) -> Iterator[Path]:
    """Write the files and yield each path. Raises SlipwayError if one cannot be written."""
    try:
        into.mkdir(parents=True, exist_ok=True)
        for number, part in enumerate(_parts(statements), start=1):
            file = into / f"{service}-apply-{number}.json"
            file.write_text(f"{jsons.dumps(_policy(part), indent=2)}\n", encoding="utf-8")
            yield file
    except OSError as error:
        raise SlipwayError(
            f"the policies could not be written to {into}",
            why=str(error),
            then="choose another directory with --into",
        ) from error


def _policy(statements: list[dict[str, object]]) -> dict[str, object]:
    return {"Version": "2012-10-17", "Statement": statements}


def _parts(statements: Iterable[dict[str, object]]) -> Iterator[list[dict[str, object]]]:
    """The statements in order, in parts that are small enough for a managed policy."""
    part: list[dict[str, object]] = []
    for statement in statements:
        if part and len(jsons.dumps(_policy([*part, statement]), separators=(",", ":"))) > MANAGED:
            yield part
            part = []
        part.append(statement)
    yield part


def _in_words(statement: dict[str, Any]) -> str:
    lines = [
        *statement["Action"],
        *(f"    by {', '.join(names)}" for names in statement.get("Principal", {}).values()),
        *(f"    on {resource}" for resource in statement["Resource"]),
    ]
    for operator, keys in statement.get("Condition", {}).items():
        for key, value in keys.items():
            values = value if isinstance(value, str) else ", ".join(value)
            lines.append(f"    only if {key} {operator} {values}")
    return "\n".join(lines) + "\n"
