"""Mistakes in how requests reach an environment."""

import pytest

from tests.modules.config.mistakes import complaints, one, two
from tests.settings import ACCOUNT, CERTIFICATE_ARN, Table

ELSEWHERE = CERTIFICATE_ARN.replace("eu-central-1", "us-east-1")
WAY_IN = "must have one of certificate_arn, domain with hosted_zone, plain_http = true; it has"
CERTIFICATE = "must be the ARN of an ACM certificate, such as arn:aws:acm:<region>:<account>:certificate/<id>"

CERTIFICATES = f"arn:aws:acm:eu-central-1:{ACCOUNT}:certificate"
TOO_MANY = '["198.0.0.0/24", "198.0.1.0/24", "198.0.2.0/24", "198.0.3.0/24", "198.0.4.0/24"…'

MISTAKES: list[tuple[Table, str]] = [
    (one(plain_http=False), f"environments.staging: {WAY_IN} none"),
    (
        one(plain_http=True, certificate_arn=CERTIFICATE_ARN),
        f"environments.staging: {WAY_IN} certificate_arn and plain_http = true",
    ),
    (one(certificate_arn="arn"), f'environments.staging.certificate_arn = "arn": {CERTIFICATE}'),
    (
        one(certificate_arn=ELSEWHERE),
        (
            f"environments.staging.certificate_arn = \"{ELSEWHERE[:78]}…: must be of the environment's region"
            f" and account, eu-central-1 and {ACCOUNT}: the load balancer cannot use any other"
        ),
    ),
    (
        one(domain="my-app.example.com"),
        (
            'environments.staging.domain = "my-app.example.com":'
            " also needs hosted_zone: the Route 53 zone that contains it"
        ),
    ),
    (
        one(hosted_zone="example.com"),
        (
            'environments.staging.hosted_zone = "example.com":'
            ' also needs domain: the service\'s name in this zone, such as "my-app.example.com"'
        ),
    ),
    (
        one(domain="my-app.example.org", hosted_zone="example.com"),
        (
            'environments.staging.domain = "my-app.example.org":'
            ' must be within hosted_zone, such as "my-app.example.com"'
        ),
    ),
    (
        one(domain="example.com.", hosted_zone="example.com"),
        'environments.staging.domain = "example.com.": must not end with a dot: "example.com"',
    ),
    (
        one(domain="*.example.com", hosted_zone="example.com"),
        (
            'environments.staging.domain = "*.example.com":'
            ' must be a domain name in lower case, such as "my-app.example.com"'
        ),
    ),
    (
        one(domain=f"{'a' * 60}.example.com", hosted_zone="example.com"),
        (
            f'environments.staging.domain = "{"a" * 60}.example.com":'
            " must have at most 64 characters, ACM's limit for certificates; this has 72"
        ),
    ),
    (
        two(
            {"domain": "a.example.com", "hosted_zone": "example.com"},
            {"domain": "a.example.com", "hosted_zone": "example.com", "cidr": "10.30.0.0/16"},
        ),
        'environments.prod.domain = "a.example.com": is already the domain of staging: choose another name',
    ),
    *(
        (
            one(certificate_arn=f"{CERTIFICATES}/{each}"),
            (f'environments.staging.certificate_arn = "{CERTIFICATES}/{each}": {CERTIFICATE}'),
        )
        for each in ("-", "--", "abc", "12345678-90ab-cdef-1234-")
    ),
    (
        one(allowed_cidrs=[f"198.{n // 250}.{n % 250}.0/24" for n in range(1001)]),
        (
            f"environments.staging.allowed_cidrs = {TOO_MANY}: makes 1001 rules, but a load balancer's"
            " security groups allow 1000, whatever the quota: use wider ranges"
        ),
    ),
    (one(allowed_cidrs=[]), "environments.staging.allowed_cidrs = []: must name at least one range"),
    (
        one(egress=[{"port": 5432}]),
        "environments.staging.egress[0]: must have one of cidr and security_group; it has neither",
    ),
    (
        one(egress=[{"port": 5432, "cidr": "10.0.0.0/16", "security_group": "sg-01234567"}]),
        "environments.staging.egress[0]: must have one of cidr and security_group; it has both",
    ),
    (
        one(egress=[{"port": 443, "cidr": "0.0.0.0/0"}]),
        "environments.staging.egress[0]: opens port 443 to 0.0.0.0/0, which is already open: remove it",
    ),
    (
        one(egress=[{"port": 5432, "cidr": "10.0.0.0/16"}] * 2),
        "environments.staging.egress[1]: opens port 5432 to 10.0.0.0/16, which is already open: remove it",
    ),
    (
        one(egress=[{"port": 22, "cidr": "10.0.0.0/16"}]),
        (
            "environments.staging.egress[0].port = 22: is the SSH port, which no security group here opens in"
            " either direction"
        ),
    ),
    (
        one(egress=[{"port": 0, "cidr": "10.0.0.0/16"}]),
        "environments.staging.egress[0].port = 0: must be between 1 and 65535",
    ),
    (
        one(egress=[{"port": 5432, "security_group": "sg-1"}]),
        (
            'environments.staging.egress[0].security_group = "sg-1": must be the id of a security group,'
            ' such as "sg-0123456789abcdef0"'
        ),
    ),
    (
        one(egress=[{"port": 5432, "cidr": "10.0.0.1/16"}]),
        (
            'environments.staging.egress[0].cidr = "10.0.0.1/16":'
            ' must be the network address with its prefix length: "10.0.0.0/16"'
        ),
    ),
    (
        one(egress=[{"cidr": "10.0.0.0/16"}]),
        "environments.staging.egress[0].port: is missing; add port = 5432",
    ),
    (
        one(allowed_cidrs=["192.0.2.1/24"]),
        (
            'environments.staging.allowed_cidrs[0] = "192.0.2.1/24":'
            ' must be the network address with its prefix length: "192.0.2.0/24"'
        ),
    ),
    (
        one(allowed_cidrs=["office"]),
        'environments.staging.allowed_cidrs[0] = "office": must be an IPv4 network, such as "192.0.2.0/24"',
    ),
    (
        one(endpoints="yes"),
        'environments.staging.endpoints = "yes": must be true or false, without quotes',
    ),
    (
        one(endpoints=True, nat="single"),
        (
            'environments.staging.nat = "single": cannot be used with endpoints, which are in place of NAT'
            " gateways: remove one of them"
        ),
    ),
    (
        one(endpoints=True, egress=[{"port": 587, "cidr": "203.0.113.0/24"}]),
        (
            'environments.staging.egress[0].cidr = "203.0.113.0/24": cannot be reached with endpoints, which'
            " leave hosts no way to the internet: name a private range, or remove it"
        ),
    ),
    (
        one(endpoints=True, egress=[{"port": 443, "cidr": "0.0.0.0/0"}]),
        (
            'environments.staging.egress[0].cidr = "0.0.0.0/0": cannot be reached with endpoints, which'
            " leave hosts no way to the internet: name a private range, or remove it"
        ),
    ),
    (
        {**one(endpoints=True), "region": "ca-west-1"},
        (
            "environments.staging.endpoints = true: cannot be used in ca-west-1: AWS has no endpoint for"
            " CodeDeploy's agent there"
        ),
    ),
    (
        one(endpoints=True, cidr="10.20.0.0/24", maximum_hosts=37),
        (
            'environments.staging.cidr = "10.20.0.0/24": is too small for maximum_hosts = 37: it holds 36 in'
            " 2 zones"
        ),
    ),
]


@pytest.mark.parametrize(("data", "line"), MISTAKES, ids=[line[:60] for _, line in MISTAKES])
def test_a_mistake_gives_one_plain_line(data: Table, line: str) -> None:
    assert complaints(data) == [line]
