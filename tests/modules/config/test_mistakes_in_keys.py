"""Unknown, missing and misplaced keys, and values of the wrong kind."""

from collections.abc import Iterator

import pytest

from modules.config.plain import EXAMPLES, table_in
from modules.config.settings import PipelineSettings, Settings
from tests.modules.config.mistakes import complaints, one, without
from tests.settings import Table, environment, table

QUOTED = 'must be text in quotes: "'

MISTAKES: list[tuple[Table, str]] = [
    (table(servce="x"), 'servce = "x": unknown key; did you mean service?'),
    (table(app={"prot": 80}), "app.prot = 80: unknown key; did you mean port?"),
    (
        table(alerts={"emails": ["a@b.de"], "log_retention_days": 7}),
        (
            "alerts.log_retention_days = 7: unknown key;"
            " it belongs at the top of the file, above the first [table]"
        ),
    ),
    (
        table(port=80),
        "port = 80: unknown key; it belongs in [app] or [[environments.egress]]",
    ),
    (
        one(egress={}),
        "environments.staging.egress: must be a list of tables: write [[environments.egress]] above each",
    ),
    (
        table(app={"minimum_hosts": 1}),
        "app.minimum_hosts = 1: unknown key; it belongs in [[environments]]",
    ),
    (
        table(app={"colour": "red"}),
        (
            'app.colour = "red": unknown key;'
            " the keys are port, health_path, architecture, aws_access, health_seconds, stop_seconds,"
            " memory_mib, cpus, pids, tmpfs"
        ),
    ),
    (
        one(**{"wéird key": 1}),
        (
            'environments.staging."wéird key" = 1: unknown key; the keys are name, approval,'
            " account, region, cidr, network, platform, load_balancer, zones, instance_type, minimum_hosts,"
            " maximum_hosts, desired_hosts,"
            " deployment, watch_minutes, quiet_minutes, nat, endpoints, certificate_arn, domain, hosted_zone,"
            " plain_http, allowed_cidrs, egress, alarms, key_arn, access_log_bucket, deletion_protection,"
            " dashboard; it has U+00E9 LATIN SMALL LETTER E WITH ACUTE"
        ),
    ),
    (without("service", table()), 'service: is missing; add service = "my-app"'),
    (without("source", table()), 'source: is missing; add [source] with repository = "owner/name"'),
    (table(alerts={}), 'alerts.emails: is missing; add emails = ["team@example.com"], or topic_arn'),
    (
        table(access={}),
        'access.github_subjects: is missing; add github_subjects = ["repo:owner/name:pull_request"]',
    ),
    (
        table(environments=[{"cidr": "10.0.0.0/16", "plain_http": True}]),
        'environments[0].name: is missing; add name = "staging"',
    ),
    (
        table(environments=[without("cidr", environment())]),
        (
            'environments.staging.cidr: is missing; add cidr = "10.20.0.0/16",'
            " or network or platform for one that exists"
        ),
    ),
    (table(service=7), f'service = 7: {QUOTED}7"'),
    (
        table(account=12345678901),
        'account = 12345678901: must be in quotes, with all its 12 digits, such as "123456789012"',
    ),
    (
        table(account=1234),
        'account = 1234: must be in quotes, with all its 12 digits, such as "123456789012"',
    ),
    (
        table(account=210987654321),
        'account = 210987654321: must be in quotes, with all its 12 digits, such as "210987654321"',
    ),
    (table(alarms={}), "alarms: unknown key; it belongs in [[environments]]"),
    (table(app={"app": {}}), "app.app: unknown key; it is a table of its own: [app]"),
    (
        one(source={}),
        "environments.staging.source: unknown key; it is a table of its own: [source]",
    ),
    (
        one(environments=[]),
        ("environments.staging.environments = []: unknown key; it is a table of its own: [[environments]]"),
    ),
    (
        table(latency_seconds=1),
        "latency_seconds = 1: unknown key; it belongs in [environments.alarms]",
    ),
    (table(key="a.zip"), 'key = "a.zip": unknown key; it belongs in [source.s3]'),
    (
        table(service="my-аpp"),  # its second a is not Latin
        (
            'service = "my-аpp": must be lower-case letters, digits and single hyphens,'
            ' starting with a letter, such as "my-app"; it has U+0430 CYRILLIC SMALL LETTER A'
        ),
    ),
    (
        table(region="eu-central-1\u200b"),
        (
            'region = "eu-central-1\\u200b": must be an AWS region; did you mean "eu-central-1"?;'
            " it has U+200B ZERO WIDTH SPACE"
        ),
    ),
    (
        {**table(), "rеgistry": {}},  # its e is not Latin
        ('"rеgistry": unknown key; did you mean registry?; it has U+0435 CYRILLIC SMALL LETTER IE'),
    ),
    (table(region=True), "region = true: must be text in quotes"),
    (
        table(app={"port": "8080"}),
        'app.port = "8080": must be a whole number, without quotes or a decimal point',
    ),
    (table(app={"port": True}), "app.port = true: must be a whole number, without quotes or a decimal point"),
    (table(app={"port": 80.5}), "app.port = 80.5: must be a whole number, without quotes or a decimal point"),
    (table(app={"aws_access": "yes"}), 'app.aws_access = "yes": must be true or false, without quotes'),
    (table(app={"aws_access": 1}), "app.aws_access = 1: must be true or false, without quotes"),
    (table(app="x"), 'app = "x": must be a table of keys and values'),
    (table(tags=["a"]), 'tags = ["a"]: must be a table of keys and values'),
    (table(alerts={"emails": "a@b.de"}), 'alerts.emails = "a@b.de": must be a list in square brackets'),
    (
        table(environments={"staging": {}}),
        "environments: must be a list of tables: write [[environments]] above each",
    ),
    (table(environments=[1]), "environments[0] = 1: must be a table of keys and values"),
    (
        one(alarms={"latency_seconds": "1"}),
        'environments.staging.alarms.latency_seconds = "1": must be a number, without quotes',
    ),
    (
        table(app={"architecture": "arm"}),
        'app.architecture = "arm": must be "x86_64" or "arm64"',
    ),
    (one(nat="none"), 'environments.staging.nat = "none": must be "single" or "per_zone"'),
]


@pytest.mark.parametrize(("data", "line"), MISTAKES, ids=[line[:60] for _, line in MISTAKES])
def test_a_mistake_gives_one_plain_line(data: Table, line: str) -> None:
    assert complaints(data) == [line]


def tables(of: type[Settings]) -> Iterator[type[Settings]]:
    """Every kind of table, and those within."""
    yield of
    for field in of.model_fields.values():
        if (below := table_in(field.annotation)) is not None:
            yield from tables(below)


def test_every_key_that_may_be_missing_comes_with_an_example() -> None:
    missing = {
        name
        for table in tables(PipelineSettings)
        for name, field in table.model_fields.items()
        if field.is_required() and name not in EXAMPLES
    }
    assert missing == set()
