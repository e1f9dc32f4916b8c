"""Measures ``slipway review`` of a plan of 20 MB with 5,000 changes: as it is typed, and in every format.

``make bench-review`` prints the medians of three runs, each a process of its own; it ends with 1 if the
review as it is typed, which is Markdown, takes more than is promised.
"""

import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CHANGES, MEGABYTES, ROUNDS = 5_000, 20, 3
SECONDS, MEBIBYTES = 5.0, 500
TYPED, ALL = ("md",), ("md", "html", "json")
CHANGED = 2  # its exit code
DESTROYED = 3  # of every five
MARKS = [{"value": True}, *([{}] * 6)]


def plan_text() -> str:
    """A plan as large as the promise: policies, environments, tags; each action in its turn."""
    resources = list(map(_resource, range(CHANGES)))
    values = [
        {"address": each["address"], "mode": "managed", "values": _values(number, 1)}
        for number, each in enumerate(resources)
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


def main() -> int:
    """Print what it takes; 1 if it is too much."""
    text = plan_text()
    assert len(text) > MEGABYTES * 1_000_000, "the plan is smaller than the promise"
    with tempfile.TemporaryDirectory() as place:
        plan = Path(place) / "plan.json"
        plan.write_text(text, encoding="utf-8")
        measured = {formats: _medians(plan, formats) for formats in (TYPED, ALL)}
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    print(f"a plan of {len(text) / 1e6:.1f} MB, {CHANGES:,} changes; promised: {SECONDS} s, {MEBIBYTES} MiB")
    for formats, (seconds, processor, memory) in measured.items():
        used = f"{seconds:.1f} s ({processor:.1f} s of processor), {memory:.0f} MiB"
        print(f"{', '.join(formats):<14}  {used}")
    seconds, _, memory = measured[TYPED]
    return int(seconds > SECONDS or memory > MEBIBYTES)


def _medians(plan: Path, formats: tuple[str, ...]) -> tuple[float, ...]:
    rounds = [_run(plan, formats) for _ in range(ROUNDS)]
    return tuple(statistics.median(each) for each in zip(*rounds, strict=True))


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
