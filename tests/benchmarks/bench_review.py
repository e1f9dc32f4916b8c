"""Measures ``slipway review`` of two large plans: one of many changes, one of many changed policies.

``make bench-review`` prints the medians of three runs, each a process of its own, and ends with 1 if a
review takes more of the processor or of memory than is promised.
"""

import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROUNDS, MEBIBYTES = 3, 500
CHANGES, POLICIES, STATEMENTS = 5_000, 1_500, 10
CHANGED = 2  # its exit code
DESTROYED = 3  # of every five
MARKS = [{"value": True}, *([{}] * 6)]
ACTIONS = {
    "s3": ("GetObject", "PutObject", "DeleteObject", "ListBucket"),
    "dynamodb": ("GetItem", "PutItem", "Query", "UpdateItem"),
    "sqs": ("SendMessage", "ReceiveMessage", "DeleteMessage", "GetQueueUrl"),
    "logs": ("CreateLogStream", "PutLogEvents", "DescribeLogStreams", "GetLogEvents"),
    "kms": ("Decrypt", "GenerateDataKey", "Encrypt", "DescribeKey"),
}


@dataclass(frozen=True)
class Promise:
    """A plan, how large it is at least, and how many seconds of the processor its review may take."""

    plan: Callable[[], str]
    megabytes: int
    formats: tuple[str, ...]
    seconds: float


def plan_text() -> str:
    """A plan as large as the promise: policies, environments, tags; each action in its turn."""
    resources = list(map(_resource, range(CHANGES)))
    values = [
        {"address": resource["address"], "mode": "managed", "values": _values(number, 1)}
        for number, resource in enumerate(resources)
        if number % 5 != DESTROYED
    ]
    content = {
        "format_version": "1.2",
        "terraform_version": "1.11.4",
        "planned_values": {"root_module": {"resources": values}},
        "resource_changes": resources,
        "configuration": {"root_module": {"resources": list(_configuration())}},
        "complete": True,
        "errored": False,
    }
    return json.dumps(content)


def policies_text() -> str:
    """A plan of many policies, each statement of which changes."""
    resources = [_policy(number, (0, 1)) for number in range(POLICIES)]
    content = {
        "format_version": "1.2",
        "terraform_version": "1.11.4",
        "planned_values": {"root_module": {"resources": [_policy(n, (1,)) for n in range(POLICIES)]}},
        "resource_changes": resources,
        "configuration": {"root_module": {}},
        "complete": True,
        "errored": False,
    }
    return json.dumps(content)


PROMISES = {
    "changes": Promise(plan_text, 20, ("md",), 3.0),
    "changes, all formats": Promise(plan_text, 20, ("md", "html", "json"), 5.0),
    "policies": Promise(policies_text, 17, ("md",), 5.0),
}


def main() -> int:
    """Print what it takes; 1 if it is too much."""
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    kept = [_kept(name, promise) for name, promise in PROMISES.items()]
    return int(not all(kept))


def _kept(name: str, promise: Promise) -> bool:
    """Print what one review takes; whether that is no more than is promised."""
    text = promise.plan()
    assert len(text) > promise.megabytes * 1_000_000, "the plan is smaller than the promise"
    with tempfile.TemporaryDirectory() as place:
        plan = Path(place) / "plan.json"
        plan.write_text(text, encoding="utf-8")
        rounds = [_run(plan, promise.formats) for _ in range(ROUNDS)]
    measured: list[float] = [statistics.median(each) for each in zip(*rounds, strict=True)]
    seconds, processor, memory = measured
    used = (
        f"{processor:.1f} s of processor (promised: {promise.seconds:g}), {seconds:.1f} s, {memory:.0f} MiB"
    )
    print(f"{name + f', {len(text) / 1e6:.1f} MB':<30}  {used}", flush=True)
    return processor <= promise.seconds and memory <= MEBIBYTES


def _run(plan: Path, formats: tuple[str, ...]) -> tuple[float, float, float]:
    """One review, from the process's start to its end: seconds, processor's seconds, MiB at most."""
    command = [sys.executable, "-c", "from slipway.cli import main; main()", "review", plan.name]
    command += [*(f"--format={name}" for name in formats), "--out=review"]
    path = os.pathsep.join((str(ROOT), str(ROOT / "scripts")))
    begun = time.monotonic()
    process = subprocess.Popen(command, cwd=plan.parent, env={"PYTHONPATH": path}, stderr=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    seconds = time.monotonic() - begun
    assert os.waitstatus_to_exitcode(status) == CHANGED, "the review failed"
    return seconds, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def _resource(number: int) -> dict[str, object]:
    actions, before, after = (
        (["update"], _values(number, 0), _values(number, 1)),
        (["create"], None, _values(number, 0)),
        (["delete", "create"], _values(number, 0), _values(number, 1)),
        (["delete"], _values(number, 0), None),
        (["create", "delete"], _values(number, 0), _values(number, 1)),
    )[number % 5]
    change = {
        "actions": actions,
        "before": before,
        "after": after,
        "after_unknown": {"id": True, "tags_all": {}} if after else False,
        "before_sensitive": {"environment": MARKS},
        "after_sensitive": {"environment": MARKS},
    }
    return {
        "address": f'module.service["{number % 50}"].aws_thing.part_{number}',
        "module_address": f'module.service["{number % 50}"]',
        "mode": "managed",
        "type": "aws_thing",
        "name": f"part_{number}",
        "provider_name": "example/aws",
        "change": change,
    }


def _policy(number: int, versions: tuple[int, ...]) -> dict[str, object]:
    """A role's policy: as it is planned, or, of two versions, its change."""
    sides = [
        {
            "id": f"role-{number}:p",
            "name": "p",
            "role": f"role-{number}",
            "policy": json.dumps(
                {
                    "Version": "2012-10-17",
                    "Statement": [_statement(number, place, version) for place in range(STATEMENTS)],
                }
            ),
        }
        for version in versions
    ]
    resource = {
        "address": f"aws_iam_role_policy.p{number}",
        "mode": "managed",
        "type": "aws_iam_role_policy",
        "name": f"p{number}",
        "provider_name": "example/aws",
    }
    if len(sides) == 1:
        return {**resource, "values": sides[0]}
    return {**resource, "change": {"actions": ["update"], "before": sides[0], "after": sides[1]}}


def _statement(number: int, place: int, version: int) -> dict[str, object]:
    """One of a policy's statements: four actions on two resources, under a condition."""
    service = [*ACTIONS][place % len(ACTIONS)]
    arn = f"arn:aws:{service}:eu-central-1:123456789012:part/{number}/{place}/version-{version}"
    return {
        "Sid": f"Statement{place}",
        "Effect": "Allow",
        "Action": [f"{service}:{action}" for action in ACTIONS[service]],
        "Resource": [arn, f"{arn}/*"],
        "Condition": {"StringEquals": {"aws:ResourceTag/team": f"team-{number}"}},
    }


def _values(number: int, version: int) -> dict[str, object]:
    """The values of one resource: some the same for many, some its own, some that change."""
    arn = f"arn:aws:thing:eu-central-1:123456789012:part/{number}"
    statement = {
        "Effect": "Allow",
        "Action": ["s3:GetObject", "s3:PutObject"],
        "Resource": [f"{arn}/{version}", "arn:aws:s3:::shop/*"],
    }
    return {
        "id": f"part-{number}",
        "arn": arn,
        "policy": json.dumps({"Version": "2012-10-17", "Statement": [statement]}),
        "description": f"Part {number} of the shop: takes orders, and says so when it cannot. " * 4,
        "retention_in_days": 30 + version,
        "environment": [
            {"name": "DB_PASSWORD", "value": f"secret-{number}-{version}"},
            *({"name": f"SETTING_{n}", "value": f"value of {n} for {number % 100}"} for n in range(6)),
        ],
        "tags": {f"tag-{n}": f"value {n}" for n in range(16)},
        "subnets": [f"subnet-{number % 7:08x}", f"subnet-{number % 11:08x}"],
    }


def _configuration() -> Iterator[dict[str, object]]:
    for number in range(CHANGES):
        other = f"aws_thing.part_{number // 2}"
        expressions = {"policy": {"references": [f"{other}.arn", other]}}
        yield {"address": f"aws_thing.part_{number}", "expressions": expressions}


if __name__ == "__main__":
    sys.exit(main())
