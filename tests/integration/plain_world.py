"""A world that a team made without Slipway: plain Terraform with its own addresses, and a state of its own.

What is made has the names and settings that Slipway's stacks would give it: so it can be adopted unchanged.
"""

import json
import re
import subprocess
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from local.emulator import overrides
from local.emulator.process import Emulator
from slipway.aws.clients import Aws
from slipway.terraform.settings import terraform_environment

LIFECYCLE = "aws_s3_bucket_lifecycle_configuration"
BY_HAND = (LIFECYCLE,)  # the provider waits for a minute after it made one


def make(directory: Path, emulator: Emulator, aws: Aws, stack: Mapping[str, Any]) -> str:
    """Make what a stack plans. Returns the state of it, as ``terraform state pull`` prints it."""
    directory.mkdir()
    provider = {**stack["provider"]["aws"][0], **overrides.PROVIDER}
    required = {"required_providers": stack["terraform"]["required_providers"]}
    whole = {**_of_a_team(stack), "provider": {"aws": [provider]}, "terraform": required}
    (directory / "main.tf.json").write_text(json.dumps(whole))
    environment = terraform_environment(directory, emulator.environment)
    terraform(directory, environment, "init")
    terraform(directory, environment, "apply", "-auto-approve")
    for resource in stack["resource"].get(LIFECYCLE, {}).values():
        _expire(aws, stack, resource)
    return terraform(directory, environment, "state", "pull")


def terraform(directory: Path, environment: Mapping[str, str], *arguments: str) -> str:
    """Run Terraform; what it prints."""
    run = subprocess.run(
        ["terraform", *arguments],
        cwd=directory,
        env={**environment, "TF_CLI_ARGS": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, f"terraform {' '.join(arguments)}:\n{run.stdout}\n{run.stderr}"
    return run.stdout


def _of_a_team(stack: Mapping[str, Any]) -> dict[str, Any]:
    """The stack's resources with a team's addresses, and without what CDKTF adds."""
    named = {
        f"{kind}.{name}": f"{kind}.team_{number}"
        for kind, resources in stack["resource"].items()
        for number, name in enumerate(resources)
    }
    text = json.dumps(_kept(stack["resource"], BY_HAND))
    for old, new in named.items():
        text = re.sub(rf"{re.escape(old)}(?![\w-])", new, text)
    resources = {
        kind: {named[f"{kind}.{name}"].partition(".")[2]: body for name, body in found.items()}
        for kind, found in json.loads(text).items()
    }
    return {"resource": resources, "data": stack.get("data", {})}


def _kept(resources: Mapping[str, Any], but: Collection[str]) -> dict[str, Any]:
    return {
        kind: {
            name: {key: value for key, value in body.items() if key != "//"} for name, body in found.items()
        }
        for kind, found in resources.items()
        if kind not in but
    }


def _expire(aws: Aws, stack: Mapping[str, Any], lifecycle: Mapping[str, Any]) -> None:
    """Give a bucket its lifecycle rules by hand."""
    bucket = lifecycle["bucket"].removeprefix("${aws_s3_bucket.").removesuffix(".id}")
    rules = []
    for rule in lifecycle["rule"]:
        made = {"ID": rule["id"], "Status": rule["status"], "Filter": {"Prefix": rule["filter"][0]["prefix"]}}
        for key, block, days in (
            ("AbortIncompleteMultipartUpload", "abort_incomplete_multipart_upload", "DaysAfterInitiation"),
            ("NoncurrentVersionExpiration", "noncurrent_version_expiration", "NoncurrentDays"),
            ("Expiration", "expiration", "Days"),
        ):
            if block in rule:
                made[key] = {days: next(iter(rule[block][0].values()))}
        rules.append(made)
    name = stack["resource"]["aws_s3_bucket"][bucket]["bucket"]
    aws.s3.put_bucket_lifecycle_configuration(Bucket=name, LifecycleConfiguration={"Rules": rules})  # type: ignore[typeddict-item]
