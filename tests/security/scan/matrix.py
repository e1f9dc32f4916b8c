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
    BALANCER_GROUP,
    BOUNDARY_ARN,
    CERTIFICATE_ARN,
    CONNECTION_ARN,
    ENVIRONMENT_KEY_ARN,
    KEY_ARN,
    NETWORK_BY_TAGS,
    PROVIDER_ARN,
    REGION,
    TOPIC_ARN,
    Table,
    environment,
    table,
)

Choice: TypeAlias = tuple[str, str]
"""A setting, and the way it is chosen to be."""
Row: TypeAlias = Mapping[str, str]
Ways: TypeAlias = Mapping[str, Mapping[str, Table]]

HOST = "the environment"
SUBJECTS = ["repo:example/my-app:*"]
BALANCER: Table = {
    "name": "shared",
    "security_group": BALANCER_GROUP,
    "host_names": ["my-app.example.com"],
}
ZONE: Table = {"domain": "my-app.example.com", "hosted_zone": "example.com"}
# Each setting's ways: what they say in pipeline.toml; under HOST, in the table of the environment.
WAYS: Ways = {
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


# What is created by default, and can exist already instead.
EXISTING: Ways = {
    "network": {"created": {}, "exists": {HOST: {"network": NETWORK_BY_TAGS}}},
    "load balancer": {"created": {}, "exists": {HOST: {"load_balancer": BALANCER}}},
    "repository": {"created": {}, "exists": {"registry": {"repository": "team/my-app"}}},
    "topic": {"created": {}, "exists": {"alerts": {"topic_arn": TOPIC_ARN}}},
    "keys": {"created": {}, "exist": {"key_arn": KEY_ARN, HOST: {"key_arn": ENVIRONMENT_KEY_ARN}}},
    "zone": {"none": {HOST: {"certificate_arn": CERTIFICATE_ARN}}, "exists": {HOST: ZONE}},
    "access logs": {"created": {}, "exists": {HOST: {"access_log_bucket": "logs-of-the-team"}}},
}
IMPOSSIBLE = frozenset(
    {
        frozenset({("network", "created"), ("load balancer", "exists")}),
        frozenset({("load balancer", "exists"), ("access logs", "exists")}),
    }
)
"""A load balancer that exists is in a network that exists, and has access logs of its own."""


@cache
def rows(existing: bool = False) -> tuple[Row, ...]:
    """The combinations: each begins with a pair that has not met yet, and lets meet as many as it can.

    existing: of what exists already, instead of the other settings.
    """
    ways = EXISTING if existing else WAYS
    missing = set(pairs(ways))
    found: list[Row] = []
    while missing:
        row = dict(min(missing))
        for setting in ways:
            if setting not in row:
                possible = (way for way in ways[setting] if not _clashes((setting, way), row))
                row[setting] = max(possible, key=lambda way: _new((setting, way), row, missing))
        found.append(row)
        missing -= set(met(row))
    return tuple(found)


def pairs(ways: Ways) -> Iterator[tuple[Choice, Choice]]:
    """Every two ways of every two settings that can meet."""
    for one, other in combinations(ways, 2):
        met = (((one, a), (other, b)) for a in ways[one] for b in ways[other])
        yield from (pair for pair in met if frozenset(pair) not in IMPOSSIBLE)


def met(row: Row) -> Iterator[tuple[Choice, Choice]]:
    """The pairs that meet in a row."""
    ways = WAYS if WAYS.keys() == row.keys() else EXISTING
    yield from combinations(((setting, row[setting]) for setting in ways), 2)


def pipelines() -> dict[str, PipelineSettings]:
    """Each row as settings, by number."""
    return {
        f"{name}-{number}": settle(_table(row))
        for name, existing in (("matrix", False), ("matrix-existing", True))
        for number, row in enumerate(rows(existing), start=1)
    }


def _clashes(choice: Choice, row: Row) -> bool:
    return any(frozenset({choice, other}) in IMPOSSIBLE for other in row.items())


def _new(choice: Choice, row: Mapping[str, str], missing: set[tuple[Choice, Choice]]) -> int:
    """How many missing pairs a choice would let meet."""
    return sum((choice, item) in missing or (item, choice) in missing for item in row.items())


def _table(row: Row) -> Table:
    top: Table = {}
    host: Table = {}
    for setting, way in row.items():
        for key, value in {**WAYS, **EXISTING}[setting][way].items():
            if key == HOST:
                assert isinstance(value, dict)
                host |= value
            else:
                before = top.get(key, {})
                top[key] = (
                    {**before, **value} if isinstance(before, dict) and isinstance(value, dict) else value
                )
    if "load_balancer" in host:
        host["network"] = {key: tags for key, tags in NETWORK_BY_TAGS.items() if key != "public_tags"}
    return table(**top, environments=[environment(**host)])
