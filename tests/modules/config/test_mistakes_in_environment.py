"""Mistakes in where an environment is, and in its hosts."""

import pytest

from tests.modules.config.mistakes import complaints, one, two
from tests.settings import ACCOUNT, Table, environment, table

OTHER = "999999999999"
SLUG = "must be lower-case letters, digits and single hyphens, starting with a letter, such as"
TAKEN = "is reserved for another part of the pipeline; choose another name"
NETWORK = 'must be an IPv4 network, such as "10.20.0.0/16"'
PRIVATE = "must be private: within 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 or 100.64.0.0/10"
INSTANCE = 'must be an EC2 instance type, such as "t3.small"'
NOT_YET = "must be the service's {}: others are not supported yet"
DEPLOYMENT = 'must be "one_at_a_time", "half_at_a_time", "all_at_once", or { hosts = … } or { percent = … }'

MISTAKES: list[tuple[Table, str]] = [
    (
        table(environments=[]),
        "environments = []: must have at least one environment: add a table [[environments]]",
    ),
    (one(name="Staging"), f'environments[0].name = "Staging": {SLUG} "staging"'),
    (one(name="foundation"), f'environments.foundation.name = "foundation": {TAKEN}'),
    (one(name="delivery"), f'environments.delivery.name = "delivery": {TAKEN}'),
    (
        two({}, {"name": "staging", "cidr": "10.30.0.0/16"}),
        'environments[1].name = "staging": is already the name of staging: choose another name',
    ),
    (
        one(account=OTHER),
        f'environments.staging.account = "{OTHER}": {NOT_YET.format(f"account, {ACCOUNT}")}',
    ),
    (
        one(region="us-east-1"),
        f'environments.staging.region = "us-east-1": {NOT_YET.format("region, eu-central-1")}',
    ),
    (one(cidr="10.20"), f'environments.staging.cidr = "10.20": {NETWORK}'),
    (one(cidr="fd00::/32"), f'environments.staging.cidr = "fd00::/32": {NETWORK}; IPv6 is not supported'),
    (
        one(cidr="10.20.1.0/16"),
        (
            'environments.staging.cidr = "10.20.1.0/16":'
            ' must be the network address with its prefix length: "10.20.0.0/16"'
        ),
    ),
    (
        one(cidr="10.0.0.0/8"),
        'environments.staging.cidr = "10.0.0.0/8": must be between /16 and /24 in size; this is a /8',
    ),
    (
        one(cidr="10.0.0.0/28"),
        'environments.staging.cidr = "10.0.0.0/28": must be between /16 and /24 in size; this is a /28',
    ),
    (one(cidr="192.0.2.0/24"), f'environments.staging.cidr = "192.0.2.0/24": {PRIVATE}'),
    (
        one(cidr="172.17.0.0/20"),
        (
            'environments.staging.cidr = "172.17.0.0/20":'
            " must not overlap 172.17.0.0/16, which Docker uses inside the hosts"
        ),
    ),
    (
        one(cidr="10.0.0.0/24", maximum_hosts=60),
        (
            'environments.staging.cidr = "10.0.0.0/24":'
            " is too small for maximum_hosts = 60: it holds 54 in 2 zones"
        ),
    ),
    (
        one(zones=1, maximum_hosts=9000),
        "environments.staging.maximum_hosts = 9000: must be at most 8187: no network has more in 1 zone",
    ),
    (
        two({"cidr": "10.20.0.0/16"}, {"cidr": "10.20.128.0/20"}),
        (
            'environments.prod.cidr = "10.20.128.0/20":'
            " overlaps staging, which has 10.20.0.0/16: choose a range that overlaps no other"
        ),
    ),
    *(
        (one(instance_type=each), f'environments.staging.instance_type = "{each}": {INSTANCE}')
        for each in (
            *("t3.99999xlarge", "t3.0xlarge", "t3.1xlarge", "t3.02xlarge", "t0.small", "t03.small"),
            *("m5.metal-0xl", "abcdefg3.small", "t3.small.large", "t3.", "t3.Small", "t3-.small"),
        )
    ),
    (
        one(alarms={"latency_seconds": 1e30}),
        (
            "environments.staging.alarms.latency_seconds = 1e+30: must be below 60:"
            " the load balancer does not wait longer for an answer, so the alarm would never go off"
        ),
    ),
    (
        one(alarms={"latency_seconds": 1e-30}),
        (
            "environments.staging.alarms.latency_seconds = 1e-30: must be at least 0.001:"
            " no answer is faster, so the alarm would always be in ALARM"
        ),
    ),
    (
        one(alarms={"alb_5xx": 10**30}),
        f"environments.staging.alarms.alb_5xx = {10**30}: must be between 1 and 1000000000",
    ),
    (
        one(alarms={"target_5xx": 10**9 + 1}),
        "environments.staging.alarms.target_5xx = 1000000001: must be between 1 and 1000000000",
    ),
    (one(zones=0), "environments.staging.zones = 0: must be between 1 and 4"),
    (
        one(zones="eu-central-1a"),
        ('environments.staging.zones = "eu-central-1a": must be a number of zones, or a list of their names'),
    ),
    (
        one(zones=["us-east-1a"]),
        'environments.staging.zones[0] = "us-east-1a": must be a zone of the region, such as "eu-central-1a"',
    ),
    (
        one(zones=["eu-central-1a", "eu-central-1a"]),
        (
            'environments.staging.zones = ["eu-central-1a", "eu-central-1a"]:'
            ' must name each zone once; "eu-central-1a" is listed twice'
        ),
    ),
    (one(instance_type="small"), f'environments.staging.instance_type = "small": {INSTANCE}'),
    (one(instance_type="t3.smal"), f'environments.staging.instance_type = "t3.smal": {INSTANCE}'),
    (
        one(instance_type="a1.large"),
        (
            'environments.staging.instance_type = "a1.large": cannot run the hosts:'
            ' Amazon Linux 2023 needs Graviton2 or later; use for example "t4g.small"'
        ),
    ),
    (
        one(instance_type="mac1.metal"),
        (
            'environments.staging.instance_type = "mac1.metal": '
            "cannot run the hosts: EC2 Mac instances need dedicated hosts"
        ),
    ),
    (
        one(instance_type="c7gn.large"),
        (
            'environments.staging.instance_type = "c7gn.large": has the architecture arm64 (Graviton),'
            ' but app.architecture is x86_64: use for example "t3.small", or change app.architecture'
        ),
    ),
    (
        table(app={"architecture": "arm64"}, environments=[environment(instance_type="g4dn.xlarge")]),
        (
            'environments.staging.instance_type = "g4dn.xlarge": has the architecture x86_64 (Intel or AMD),'
            ' but app.architecture is arm64: use for example "t4g.small", or change app.architecture'
        ),
    ),
    (one(minimum_hosts=0), "environments.staging.minimum_hosts = 0: must be at least 1"),
    (
        one(minimum_hosts=5),
        "environments.staging.minimum_hosts = 5: must not be more than maximum_hosts, which is 4",
    ),
    (
        one(desired_hosts=5),
        "environments.staging.desired_hosts = 5: must be between minimum_hosts and maximum_hosts: 2 to 4",
    ),
    (one(deployment="fast"), f'environments.staging.deployment = "fast": {DEPLOYMENT}'),
    (
        one(deployment={}),
        "environments.staging.deployment: must have either hosts or percent: how many hosts stay in service",
    ),
    (
        one(deployment={"hosts": 1, "percent": 50}),
        "environments.staging.deployment: must have either hosts or percent: how many hosts stay in service",
    ),
    (
        one(deployment={"hosts": 2}),
        (
            "environments.staging.deployment.hosts = 2: must be fewer than minimum_hosts, which is 2:"
            " no host could be taken out of service"
        ),
    ),
    (
        one(deployment={"percent": 100}),
        "environments.staging.deployment.percent = 100: must be between 0 and 99",
    ),
    (
        one(deployment={"percent": 51}),
        (
            "environments.staging.deployment.percent = 51: rounds up to all of minimum_hosts = 2,"
            " so no host could be taken out of service: at most 50"
        ),
    ),
    (
        one(deployment={"hosts": 1, "zone_minutes": 5}),
        (
            "environments.staging.deployment.zone_minutes = 5: needs percent in place of hosts: the share"
            " also applies to every single zone"
        ),
    ),
    (
        one(deployment={"percent": 50, "zone_minutes": 5}, zones=1),
        (
            "environments.staging.deployment.zone_minutes = 5: needs hosts in more than one zone,"
            " but zones is one"
        ),
    ),
    (
        one(deployment={"percent": 50, "zone_minutes": 61}, minimum_hosts=4),
        "environments.staging.deployment.zone_minutes = 61: must be between 0 and 60",
    ),
    (
        one(deployment={"percent": 50, "zone_minutes": 5}, minimum_hosts=3),
        (
            "environments.staging.deployment.zone_minutes = 5: deployment.percent = 50 rounds up to all hosts"
            " of a zone: minimum_hosts = 3 in 2 zones leaves 1 in one"
        ),
    ),
    (
        one(deployment="half_at_a_time", minimum_hosts=1),
        (
            'environments.staging.deployment = "half_at_a_time": is impossible with one host, because half of'
            ' one rounds up to one: use "one_at_a_time", or minimum_hosts = 2'
        ),
    ),
    (one(alarms={"alb_5xx": 0}), "environments.staging.alarms.alb_5xx = 0: must be between 1 and 1000000000"),
    (
        one(alarms={"latency_seconds": 0}),
        "environments.staging.alarms.latency_seconds = 0: must be a number of seconds above 0",
    ),
    (
        one(alarms={"latency_seconds": float("nan")}),
        "environments.staging.alarms.latency_seconds = nan: must be a number of seconds above 0",
    ),
    (
        one(alarms={"unhealthy_hosts": 5}),
        (
            "environments.staging.alarms.unhealthy_hosts = 5: must not be more than maximum_hosts,"
            " which is 4: the alarm would never go off"
        ),
    ),
]


@pytest.mark.parametrize(("data", "line"), MISTAKES, ids=[line[:60] for _, line in MISTAKES])
def test_a_mistake_gives_one_plain_line(data: Table, line: str) -> None:
    assert complaints(data) == [line]
