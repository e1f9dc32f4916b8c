"""A few pipelines in which every two ways of two settings meet: faults of a combination need but two.

The settings are those that change what AWS is asked for. Names, numbers and ranges are not among them.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from itertools import combinations
from typing import TypeAlias

from modules.config.load import settle
from modules.config.settings import PipelineSettings
from tests.settings import (
    ACCOUNT,
    BOUNDARY_ARN,
    CERTIFICATE_ARN,
    CONNECTION_ARN,
    PROVIDER_ARN,
    REGION,
    Table,
    environment,
    table,
)

Choice: TypeAlias = tuple[str, str]
"""A setting, and the way it is chosen to be."""
Row: TypeAlias = Mapping[str, str]

HOST = "the environment"
SUBJECTS = ["repo:example/my-app:*"]
# Each setting's ways: what they say in pipeline.toml; under HOST, in the table of the environment.
WAYS: Mapping[str, Mapping[str, Table]] = {
    "traffic": {
        "plain HTTP": {HOST: {"plain_http": True}},
        "a certificate": {HOST: {"certificate_arn": CERTIFICATE_ARN}},
        "a domain": {HOST: {"domain": "my-app.example.com", "hosted_zone": "example.com"}},
    },
    "source": {
        "a repository": {},
        "a connection that exists": {
            "source": {"repository": "example/my-app", "connection_arn": CONNECTION_ARN}
        },
        "an object in S3": {"source": {"s3": {}}},
    },
    "zones": {
        "one": {HOST: {"zones": 1}},
        "three": {HOST: {"zones": 3, "nat": "per_zone"}},
        "named, without a way out": {HOST: {"zones": [f"{REGION}a", f"{REGION}c"], "endpoints": True}},
    },
    "CI": {
        "plans not": {},
        "plans": {"access": {"github_subjects": SUBJECTS}},
        "plans by a provider that exists": {
            "access": {"github_subjects": SUBJECTS, "oidc_provider_arn": PROVIDER_ARN}
        },
    },
    "deployment": {
        "one at a time": {},
        "hosts stay": {HOST: {"minimum_hosts": 3, "deployment": {"hosts": 2}}},
        "a share stays": {HOST: {"deployment": {"percent": 50}}},
    },
    "architecture": {
        "x86_64": {"app": {"architecture": "x86_64"}},
        "arm64": {"app": {"architecture": "arm64"}},
    },
    "containers": {
        "without AWS": {"app": {"aws_access": False}},
        "with AWS": {"app": {"aws_access": True}},
    },
    "boundary": {"none": {}, "given": {"permissions_boundary": BOUNDARY_ARN}},
    "CodeDeploy": {"our policy": {}, "AWS's policy": {"codedeploy_managed_policy": True}},
    "logs": {"a month": {}, "a year": {"log_retention_days": 365}},
    "registry": {
        "the pipeline's": {},
        "and administrators'": {"registry": {"administrators": [f"arn:aws:iam::{ACCOUNT}:role/admin"]}},
    },
    "clients": {"anybody": {}, "some": {HOST: {"allowed_cidrs": ["192.0.2.0/24"]}}},
    "approval": {"nobody's": {}, "a person's": {HOST: {"approval": True}}},
    "deletion": {"refused": {}, "easy": {HOST: {"deletion_protection": False, "dashboard": False}}},
}


@cache
def rows() -> tuple[Row, ...]:
    """The combinations: each begins with a pair that has not met yet, and lets meet as many as it can."""
    missing = set(pairs())
    found: list[Row] = []
    while missing:
        row = dict(min(missing))
        for setting in WAYS:
            if setting not in row:
                row[setting] = max(WAYS[setting], key=lambda way: _new((setting, way), row, missing))
        found.append(row)
        missing -= set(met(row))
    return tuple(found)


def pairs() -> Iterator[tuple[Choice, Choice]]:
    """Every two ways of every two settings."""
    for one, other in combinations(WAYS, 2):
        yield from (((one, a), (other, b)) for a in WAYS[one] for b in WAYS[other])


def met(row: Row) -> Iterator[tuple[Choice, Choice]]:
    """The pairs that meet in a row."""
    yield from combinations(((setting, row[setting]) for setting in WAYS), 2)


def pipelines() -> dict[str, PipelineSettings]:
    """Each row as settings, by number."""
    return {f"matrix-{number}": settle(_table(row)) for number, row in enumerate(rows(), start=1)}


def _new(choice: Choice, row: Mapping[str, str], missing: set[tuple[Choice, Choice]]) -> int:
    """How many missing pairs a choice would let meet."""
    return sum((choice, item) in missing or (item, choice) in missing for item in row.items())


def _table(row: Row) -> Table:
    top: Table = {}
    host: Table = {}
    for setting, way in row.items():
        for key, value in WAYS[setting][way].items():
            if key == HOST:
                assert isinstance(value, dict)
                host |= value
            else:
                before = top.get(key, {})
                top[key] = (
                    {**before, **value} if isinstance(before, dict) and isinstance(value, dict) else value
                )
    return table(**top, environments=[environment(**host)])
