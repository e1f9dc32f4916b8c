"""Mistakes in what exists already: networks and load balancers that pipeline.toml names."""

import pytest

from tests.modules.config.mistakes import complaints, one, two
from tests.settings import (
    ACCOUNT,
    BALANCER_GROUP,
    CERTIFICATE_ARN,
    KEY_ARN,
    LISTENER_ARN,
    NETWORK_BY_IDS,
    NETWORK_BY_TAGS,
    NETWORK_OF_HOSTS,
    REGION,
    TOPIC_ARN,
    Table,
    environment,
    table,
)

AT = "environments.staging"
ONE_SUBNET = ["subnet-0123456789abcdef2"]
BALANCER: Table = {"name": "shared", "security_group": BALANCER_GROUP, "host_names": ["a.example.com"]}


def network(less: str = "", **keys: object) -> Table:
    """Settings with a network by ids, without one of its keys and with others."""
    return one(network={**{key: value for key, value in NETWORK_BY_IDS.items() if key != less}, **keys})


def balancer(less: str = "", **keys: object) -> Table:
    """The keys of a load balancer that exists, without one of them and with others."""
    return {**{key: value for key, value in BALANCER.items() if key != less}, **keys}


def behind(less: str = "", **keys: object) -> Table:
    """Settings with that load balancer in the network of the hosts."""
    return one(network=NETWORK_OF_HOSTS, load_balancer=balancer(less, **keys))


PLATFORM = 'platform = "my-app-staging": must be'
SHARING: Table = {"platform": "my-app-staging", "load_balancer": {"host_names": ["*.example.com"]}}
"""The keys of an environment that shares what staging creates."""


MISTAKES: list[tuple[Table, str]] = [
    (
        one(cidr="10.20.0.0/16", network=NETWORK_BY_IDS),
        (
            f'{AT}.cidr = "10.20.0.0/16": cannot be used with network, which has its own addresses:'
            " remove one of them"
        ),
    ),
    (network("vpc"), f"{AT}.network.vpc: is missing; add it, or vpc_tags"),
    (
        network(vpc_tags={"Name": "shared"}),
        f'{AT}.network.vpc = "vpc-0123456789abcdef0": cannot be used with vpc_tags: remove one of them',
    ),
    (network("private_subnets"), f"{AT}.network.private_subnets: is missing; add it, or private_tags"),
    (network("public_subnets"), f"{AT}.network.public_subnets: is missing; add it, or public_tags"),
    (
        network(public_subnets=ONE_SUBNET),
        (
            f'{AT}.network.public_subnets = ["subnet-0123456789abcdef2"]: must be two subnets at least:'
            " a load balancer spans two zones"
        ),
    ),
    (
        network(vpc="vpc-12"),
        f'{AT}.network.vpc = "vpc-12": must be the id of a VPC, such as "vpc-0123456789abcdef0"',
    ),
    (
        network(private_subnets=["sn-1"]),
        (
            f'{AT}.network.private_subnets[0] = "sn-1": must be the id of a subnet, such as'
            ' "subnet-0123456789abcdef0"'
        ),
    ),
    (
        one(network=NETWORK_BY_IDS, nat="per_zone"),
        f'{AT}.nat = "per_zone": cannot be used with network, which has its own routes: remove it',
    ),
    *(
        (
            one(network=chosen, zones=zones),
            (
                f"{AT}.zones = {shown}: must be a number, and only with network.private_tags: the subnets"
                " decide the zones"
            ),
        )
        for chosen, zones, shown in (
            (NETWORK_BY_IDS, 2, "2"),
            (NETWORK_BY_TAGS, ["eu-central-1a"], '["eu-central-1a"]'),
        )
    ),
    (behind("name"), f'{AT}.load_balancer.name: is missing; add name = "shared", or the ARN of its listener'),
    (behind(listener=LISTENER_ARN), "cannot be used with name: remove one of them"),
    (
        behind("name", listener=LISTENER_ARN.replace("eu-central-1", "us-east-1")),
        "must be of the environment's region and account, eu-central-1 and 123456789012",
    ),
    (
        behind("name", listener=LISTENER_ARN.replace("listener/app", "listener/net")),
        "must be the ARN of a listener of an Application Load Balancer, such as arn:aws:elasticloadbal",
    ),
    (
        behind("host_names"),
        (
            f"{AT}.load_balancer.host_names: is missing;"
            ' add host_names = ["my-app.example.com"], paths, or domain with hosted_zone'
        ),
    ),
    (behind("security_group"), f"{AT}.load_balancer.security_group: is missing; add security_group = "),
    (
        behind(paths=["/a", "/b", "/c", "/d", "/e"], priority=7),
        f"{AT}.load_balancer: has 6 host names and paths, but a rule can have 5: remove some",
    ),
    (
        behind(paths=["/a"]),
        (
            f"{AT}.load_balancer.priority: is missing; paths can overlap with other rules, so their order"
            " must be set: add priority = 100"
        ),
    ),
    (behind(paths=["a"], priority=7), "must be a path that begins with /, in which * and ? are wildcards"),
    (behind(host_names=["A.example.com"]), "must be a host name in lower case, in which * and ? are"),
    (behind(priority=50_001), f"{AT}.load_balancer.priority = 50001: must be between 1 and 50000"),
    (behind(name="-shared"), 'must be the name of a load balancer, such as "shared": letters, digits'),
    (
        one(load_balancer=BALANCER),
        f"{AT}.load_balancer: also needs network: the network that the load balancer is in",
    ),
    (
        one(network=NETWORK_BY_TAGS, load_balancer=BALANCER),
        "cannot be used with load_balancer, which has its own subnets: remove it",
    ),
    *(
        (
            one(network=NETWORK_OF_HOSTS, load_balancer=BALANCER, **{key: value}),
            "cannot be used with load_balancer, whose owner decides it: remove it",
        )
        for key, value in (
            ("allowed_cidrs", ["192.0.2.0/24"]),
            ("deletion_protection", False),
            ("plain_http", True),
        )
    ),
    (
        one(network=NETWORK_OF_HOSTS, load_balancer=BALANCER, alarms={"alb_5xx": 5}),
        (
            f"{AT}.alarms.alb_5xx = 5: cannot be used with load_balancer, whose owner has this alarm:"
            " remove it"
        ),
    ),
    (
        one(
            network=NETWORK_OF_HOSTS,
            load_balancer=BALANCER,
            certificate_arn=CERTIFICATE_ARN,
            domain="a.example.com",
            hosted_zone="example.com",
        ),
        f"{AT}: must have one of certificate_arn, domain with hosted_zone, plain_http = true;",
    ),
    *(
        (
            one(platform="web-prod", domain="a.example.com", hosted_zone="example.com", **{key: value}),
            f"{AT}.{key}{shown}: cannot be used with platform, which {why}",
        )
        for key, value, shown, why in (
            ("cidr", "10.20.0.0/16", ' = "10.20.0.0/16"', "has its own addresses: remove one of them"),
            ("network", NETWORK_OF_HOSTS, "", "has a network: remove one of them"),
            ("nat", "single", ' = "single"', "has its own routes: remove it"),
        )
    ),
    (
        one(platform="web-prod", zones=["eu-central-1a"], load_balancer={"host_names": ["a.example.com"]}),
        "must be a number, as many as the platform has: its subnets decide the zones",
    ),
    (one(platform="web-prod"), "host_names: is missing; add host_names"),
    *(
        (two({"certificate_arn": CERTIFICATE_ARN, **owner}, SHARING), f"environments.prod.{said}")
        for owner, said in (
            (
                {"platform": "web-prod", "load_balancer": {"host_names": ["b.example.com"]}},
                f"{PLATFORM} an environment without a platform; staging has web-prod",
            ),
            (
                {"network": NETWORK_BY_TAGS},
                f"{PLATFORM} an environment that creates both; staging has network: name what exists here",
            ),
            ({"endpoints": True}, f"{PLATFORM} an environment with a NAT gateway; staging has endpoints"),
            ({"zones": 3}, "zones: must be 3, as many as staging has"),
        )
    ),
    (two({"plain_http": True}, SHARING), f"{PLATFORM} an environment with HTTPS; staging has plain_http"),
    (
        two({"domain": "a.example.com", "hosted_zone": "example.com"}, SHARING),
        'host_names = ["*.example.com"]: has the requests for a.example.com, the domain of staging',
    ),
    *(
        (
            two({**SHARING, "platform": f"my-app-{name}"}, {}),
            f'{AT}.platform = "my-app-{name}": must be of another',
        )
        for name in ("staging", "prod")
    ),
    (
        one(platform="web", load_balancer={"host_names": ["a.example.com"]}),
        f'{AT}.platform = "web": must be the name of an environment, with that of its service, such as "web-',
    ),
    *(
        (
            one(platform="web-prod", load_balancer={"host_names": ["a.example.com"], key: value}),
            "cannot be used with platform, which has its own: remove it",
        )
        for key, value in (
            ("name", "shared"),
            ("listener", LISTENER_ARN),
            ("security_group", BALANCER_GROUP),
        )
    ),
    (
        table(registry={"repository": "123456789012.dkr.ecr.us-east-1.amazonaws.com/team/my-app:1"}),
        'must be only the name, "team/my-app"; the repository must be of the service\'s account and region',
    ),
    (table(registry={"repository": "Team"}), "must be the name of an ECR repository, such as"),
    (
        table(registry={"repository": "my-app-cache"}),
        "is the name of the layer cache, which is created: use another repository",
    ),
    *(
        (
            table(registry={"repository": "team/my-app", key: value}),
            "cannot be used with repository, whose owner decides it: remove it",
        )
        for key, value in (("keep_images", 100),)
    ),
    (table(alerts={}), 'alerts.emails: is missing; add emails = ["team@example.com"], or topic_arn'),
    (
        table(alerts={"emails": ["team@example.com"], "topic_arn": TOPIC_ARN}),
        "cannot be used with topic_arn, whose owner decides who is subscribed: remove one of them",
    ),
    (
        table(alerts={"topic_arn": TOPIC_ARN.replace("eu-central-1", "us-east-1")}),
        "must be of the service's region and account, eu-central-1 and 123456789012",
    ),
    (table(alerts={"topic_arn": "on-call"}), 'alerts.topic_arn = "on-call": must be the ARN of an SNS topic'),
    (
        table(alerts={"emails": ["team@example.com"], "topic_key_arn": KEY_ARN}),
        "also needs topic_arn: the topic that the key encrypts",
    ),
    *(
        (mistake(key_arn=arn), f'{where}key_arn = "{arn}": {message}')
        for where, mistake in (("", table), (f"{AT}.", one))
        for arn, message in (
            (
                KEY_ARN.replace(REGION, "us-east-1"),
                "must be of the service's region and account, eu-central-1",
            ),
            (KEY_ARN.replace(ACCOUNT, "210987654321"), "must be of the service's region and account"),
            ("alias/aws/s3", "must be the ARN of a KMS key, not of an alias, such as arn:aws:kms:"),
        )
    ),
    (
        two(
            {"network": NETWORK_OF_HOSTS, "load_balancer": BALANCER},
            {"network": NETWORK_OF_HOSTS, "load_balancer": BALANCER},
        ),
        "has a.example.com, whose requests staging gets: choose another name",
    ),
    (
        two(
            {"network": NETWORK_OF_HOSTS, "load_balancer": balancer(priority=7)},
            {
                "network": NETWORK_OF_HOSTS,
                "load_balancer": balancer(host_names=["b.example.com"], priority=7),
            },
        ),
        "environments.prod.load_balancer.priority = 7: is already the priority of staging: choose another",
    ),
]


@pytest.mark.parametrize(("data", "line"), MISTAKES, ids=[line for _, line in MISTAKES])
def test_a_mistake_gives_one_plain_line(data: Table, line: str) -> None:
    (only,) = complaints(data)
    assert line in only


def test_every_mistake_is_reported_at_once() -> None:
    wrong = environment(
        network={"vpc": "vpc-1", "public_subnets": ONE_SUBNET},
        load_balancer={"paths": ["/a"], "security_group": "sg-1"},
        nat="single",
    )
    assert len(complaints(table(environments=[wrong]))) >= 5
