"""Mistakes in what exists already: networks and load balancers that pipeline.toml names."""

from copy import deepcopy
from typing import Any

import pytest

from modules.config.load import settle
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


def sharing(first: Table, second: Table, **keys: object) -> Table:
    """Settings of two environments behind that load balancer, with these keys of it each."""
    both = ({key: value for key, value in {**BALANCER, **own}.items() if value} for own in (first, second))
    one_, other = ({"network": NETWORK_OF_HOSTS, "load_balancer": own, **keys} for own in both)
    return two(one_, other)


SHARED: tuple[tuple[Table, Table, str], ...] = (
    (
        {},
        {},
        (
            'load_balancer.host_names = ["a.example.com"]: has a.example.com, whose requests '
            "staging gets: choose another name"
        ),
    ),
    (
        {"priority": 7},
        {"priority": 7, "host_names": ["b.example.com"]},
        "load_balancer.priority = 7: is already the priority of staging: choose another number",
    ),
    (
        {"priority": 7, "name": "web"},
        {"priority": 7, "name": None, "listener": LISTENER_ARN},
        "load_balancer.priority = 7: is already the priority of staging: choose another number",
    ),
    (
        {"host_names": ["*.example.com"]},
        {},
        (
            'load_balancer.host_names = ["a.example.com"]: has a.example.com, whose requests '
            "staging gets: choose another name, or set priority for both"
        ),
    ),
    (
        {},
        {"host_names": ["?.example.com"]},
        (
            'load_balancer.host_names = ["?.example.com"]: has the requests for a.example.com '
            "of staging: choose another name, or set priority for both"
        ),
    ),
    (
        {"priority": 1},
        {"priority": 2},
        (
            'load_balancer.host_names = ["a.example.com"]: has a.example.com, whose requests '
            "staging gets: choose another name"
        ),
    ),
    (
        {"priority": 2},
        {"priority": 1, "host_names": None, "paths": ["/*"]},
        'load_balancer.paths = ["/*"]: has the requests for a.example.com of staging: choose other',
    ),
    (
        {"priority": 1, "host_names": None, "paths": ["/orders/*"]},
        {"priority": 2, "host_names": None, "paths": ["/orders/new"]},
        'load_balancer.paths = ["/orders/new"]: has every host name, whose requests staging gets',
    ),
)
"""The keys of two load balancers that are one, and the line about the second."""


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
    *(
        (behind(host_names=[name]), f'host_names[0] = "{name}": must be a host name in lower case')
        for name in ("10.0.0.1", "*.example.*", "a.example.c0m", "*")
    ),
    (
        one(
            network=NETWORK_OF_HOSTS,
            load_balancer=BALANCER,
            domain="b.example.com",
            hosted_zone="example.com",
        ),
        'host_names = ["a.example.com"]: must include domain, b.example.com: its DNS record leads to',
    ),
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
    *(
        (
            one(platform="web-prod", load_balancer={"host_names": ["a.example.com"]}, **{key: value}),
            "cannot be used with platform, whose owner decides it: remove it",
        )
        for key, value in (("allowed_cidrs", ["192.0.2.0/24"]), ("access_log_bucket", "team-logs"))
    ),
    (
        two({}, {**SHARING, "platform": "my-app-stagin"}),
        'environments.prod.platform = "my-app-stagin": my-app has no environment stagin; did you mean',
    ),
    *(
        (
            network("vpc", vpc_tags={key: value}),
            f"{AT}.network.vpc_tags.{shown}: {why}",
        )
        for key, value, shown, why in (
            ("Name", "${x}", 'Name = "${x}"', "must not contain ${ or %{, which Terraform would read as an"),
            ("%{x}", "a", '"%{x}" = "a"', "must not contain ${ or %{, which Terraform would read as an"),
            ("", "a", '"" = "a"', "must have a key of 1 to 128 and a value of at most 256 characters"),
            ("Name", "a" * 257, f'Name = "{"a" * 78}…', "must have a key of 1 to 128 and a value of at most"),
            ("Name", "a\n", 'Name = "a\\n"', "must have no control characters"),
        )
    ),
    (
        network(public_subnets=[*NETWORK_BY_IDS["private_subnets"]]),  # type: ignore[misc]
        "must not have subnet-0123456789abcdef0, which private_subnets has: a load balancer needs a route to",
    ),
    (
        one(network={**NETWORK_BY_TAGS, "public_tags": NETWORK_BY_TAGS["private_tags"]}),
        f"{AT}.network.public_tags: must not be the same as private_tags: a load balancer needs a route to",
    ),
    *(
        (one(access_log_bucket=bucket), f'{AT}.access_log_bucket = "{bucket}": is {what}: choose another')
        for bucket, what in (
            ("my-app-artifacts-123456789012-eu-central-1", "the artifact bucket"),
            ("my-app-tfstate-123456789012-eu-central-1", "the bucket of Terraform's state"),
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
    *((sharing(first, second), f"environments.prod.{said}") for first, second, said in SHARED),
    (
        sharing({}, {"host_names": ["b.example.com"]}, certificate_arn=CERTIFICATE_ARN),
        "is already added to the listener by staging, and destroying one would remove it for both",
    ),
    (
        two(
            {"domain": "a.example.com", "hosted_zone": "example.com"},
            {**SHARING, "load_balancer": {"paths": ["/*"], "priority": 9}},
        ),
        'load_balancer.paths = ["/*"]: has the requests for a.example.com, the domain of staging: choose',
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


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({}, {"host_names": ["b.example.com"]}),
        ({"host_names": ["?.example.com"], "priority": 9}, {"priority": 8}),
        ({"paths": ["/a/*"], "priority": 8}, {"priority": 9}),
        ({"priority": 8}, {"priority": 8, "name": "other"}),
    ],
    ids=["other names", "the narrower rule first", "some paths first", "another load balancer"],
)
def test_services_whose_rules_get_different_requests_share_a_load_balancer(
    first: Table, second: Table
) -> None:
    assert len(settle(sharing(first, second)).environments) == 2


def test_tags_to_search_for_may_be_those_of_aws_and_have_wildcards() -> None:
    tags = {"aws:cloudformation:stack-name": "network-*", "Name": "prod (old), 10.0/16"}
    (found,) = settle(network("vpc", vpc_tags=tags)).environments
    assert found.network is not None
    assert found.network.vpc_tags == tags


EVERYTHING: Table = {
    "cidr": "10.20.0.0/16",
    "nat": "single",
    "zones": ["eu-west-1a"],
    "endpoints": True,
    "access_log_bucket": "team-logs",
    "network": {**NETWORK_BY_IDS, "vpc_tags": {"": "a"}, "private_tags": {"": "b"}},
    "load_balancer": {"name": "web", "listener": LISTENER_ARN, "paths": ["/a"]},
}
"""The keys of an environment with many mistakes, that do not depend on each other."""


@pytest.mark.parametrize(
    ("broken", "key"),
    [
        *((("network", key), key) for key in ("vpc", "vpc_tags", "private_subnets", "public_subnets")),
        *((("load_balancer", key), key) for key in ("name", "listener", "paths")),
        *(((key,), key) for key in ("cidr", "nat", "zones", "endpoints")),
    ],
)
@pytest.mark.parametrize("keys", [{}, {"platform": "web-prod"}], ids=["network", "platform"])
def test_a_value_of_a_wrong_type_hides_no_mistake_of_other_keys(
    keys: Table, broken: tuple[str, ...], key: str
) -> None:
    wrong = deepcopy({**EVERYTHING, **keys})
    before = complaints(one(**wrong))
    table_: Any = wrong if len(broken) == 1 else wrong[broken[0]]
    table_[key] = 1.5
    hidden = {line for line in before if key not in line} - set(complaints(one(**wrong)))
    assert hidden == set()


def test_a_wrong_name_hides_no_mistake_of_another_environment() -> None:
    wrong = {"platform": "web-prod", "nat": "single", "endpoints": True, "zones": ["eu-west-1a"]}
    alone = complaints(two(wrong, {}))
    beside = complaints(two(wrong, {"name": "Bad Name"}))
    assert [line for line in beside if "Bad Name" not in line] == alone
