"""Measures how long a review's reading takes: a plan of 20 MB with 5,000 changes, made here.

``python scripts/dev/bench_review.py`` prints the seconds and the memory of each step, in a process of
its own; it ends with 1 if a step takes more than is promised.
"""

import json
import resource
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from slipway.review.counts import count
from slipway.review.difference import differences
from slipway.review.plan import Plan
from slipway.review.reading import read

CHANGES = 5_000
READ_SECONDS, ALL_SECONDS, MEBIBYTES = 2.0, 5.0, 500
MARKS = [{"value": True}, *([{}] * 6)]
T = TypeVar("T")


def plan_text() -> str:
    """A plan as large as the promise: policies, environments, tags; each action in its turn."""
    resources = list(map(_resource, range(CHANGES)))
    values = [
        {"address": each["address"], "values": _values(number, 1)}
        for number, each in enumerate(resources[:2500])
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
    """Print what each step takes; 1 if it is too much."""
    text = plan_text()
    plan, reading = _timed(lambda: read(text, stack="bench"))
    found, differing = _timed(lambda: _work(plan))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"plan          {len(text) / 1e6:5.1f} MB, {len(plan.changes):,} changes, {found:,} differences")
    print(f"read          {reading:5.2f} s of {READ_SECONDS}")
    print(f"read, compare {reading + differing:5.2f} s of {ALL_SECONDS}")
    print(f"memory        {peak:5.0f} MiB of {MEBIBYTES}")
    return int(reading > READ_SECONDS or reading + differing > ALL_SECONDS or peak > MEBIBYTES)


def _work(plan: Plan) -> int:
    count(plan)
    return sum(len(differences(change)) for change in plan.changes)


def _timed(work: Callable[[], T]) -> tuple[T, float]:
    """What work gives, and the processor's seconds that it took: other programs do not count."""
    begun = time.process_time()
    result = work()
    return result, time.process_time() - begun


def _resource(number: int) -> dict[str, object]:
    actions, before, after = (
        (["update"], _values(number, 0), _values(number, 1)),
        (["create"], None, _values(number, 0)),
        (["delete", "create"], _values(number, 0), _values(number, 1)),
        (["delete"], _values(number, 0), None),
        (["no-op"], _values(number, 0), _values(number, 0)),
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
        "description": f"Part {number} of the shop: takes orders, and says so when it cannot. " * 2,
        "retention_in_days": 30 + version,
        "environment": [
            {"name": "DB_PASSWORD", "value": f"secret-{number}-{version}"},
            *({"name": f"SETTING_{n}", "value": f"value of {n} for {number % 100}"} for n in range(6)),
        ],
        "tags": {f"tag-{n}": f"value {n}" for n in range(8)},
        "subnets": [f"subnet-{number % 7:08x}", f"subnet-{number % 11:08x}"],
    }


def _configuration() -> Iterator[dict[str, object]]:
    for number in range(CHANGES):
        other = f"aws_thing.part_{number // 2}"
        expressions = {"policy": {"references": [f"{other}.arn", other]}}
        yield {"address": f"aws_thing.part_{number}", "expressions": expressions}


if __name__ == "__main__":
    sys.exit(main())
