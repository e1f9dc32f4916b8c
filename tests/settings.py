"""Settings for tests: the smallest, the demo's, the longest, and one for each way a pipeline can be."""

from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import TypeAlias

from modules.config.load import load, settle
from modules.config.settings import PipelineSettings

Table: TypeAlias = dict[str, object]

DEMO = Path(__file__).parents[1] / "pipeline.toml"
ACCOUNT = "123456789012"
REGION = "eu-central-1"
HTTP: Table = {"plain_http": True}
CERTIFICATE_ARN = f"arn:aws:acm:{REGION}:{ACCOUNT}:certificate/12345678-90ab-cdef-1234-567890abcdef"
CONNECTION_ARN = f"arn:aws:codeconnections:{REGION}:{ACCOUNT}:connection/12345678-90ab-cdef-1234-567890abcdef"
PROVIDER_ARN = f"arn:aws:iam::{ACCOUNT}:oidc-provider/token.actions.githubusercontent.com"
NETWORK_BY_IDS: Table = {
    "vpc": "vpc-0123456789abcdef0",
    "private_subnets": ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
    "public_subnets": ["subnet-0123456789abcdef2", "subnet-0123456789abcdef3"],
}
NETWORK_OF_HOSTS: Table = {
    "vpc": "vpc-0123456789abcdef1",
    "private_subnets": ["subnet-0123456789abcdef4", "subnet-0123456789abcdef5"],
}
NETWORK_BY_TAGS: Table = {
    "vpc_tags": {"Name": "shared"},
    "private_tags": {"tier": "private"},
    "public_tags": {"tier": "public"},
}
LISTENER_ARN = (
    f"arn:aws:elasticloadbalancing:{REGION}:{ACCOUNT}:listener/app/web/0123456789abcdef/fedcba9876543210"
)
TOPIC_ARN = f"arn:aws:sns:{REGION}:{ACCOUNT}:on-call"
KEY_ARN = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/12345678-90ab-4def-8234-567890abcdef"
ENVIRONMENT_KEY_ARN = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/mrk-1234567890abcdef1234567890abcdef"
BALANCER_GROUP = "sg-0123456789abcdef0"
_DOMAIN = f"a.{'d' * 50}.example.com"
BOUNDARY_ARN = f"arn:aws:iam::{ACCOUNT}:policy/boundaries/pipeline"


def environment(**keys: object) -> Table:
    """A table of ``environments``: staging over plain HTTP, unless the keys say otherwise."""
    secured = {
        "certificate_arn",
        "domain",
        "hosted_zone",
        "plain_http",
        "load_balancer",
        "platform",
    } & keys.keys()
    cidr = {} if {"network", "platform"} & keys.keys() else {"cidr": "10.20.0.0/16"}
    return {"name": "staging", **cidr, **({} if secured else HTTP), **keys}


def table(**keys: object) -> Table:
    """What a pipeline.toml holds: minimal settings, with top-level keys set or replaced."""
    least: Table = {
        "service": "my-app",
        "account": ACCOUNT,
        "region": REGION,
        "source": {"repository": "example/my-app"},
        "alerts": {"emails": ["team@example.com"]},
        "environments": [environment()],
    }
    return deepcopy({**least, **keys})


def minimal(**keys: object) -> PipelineSettings:
    """The smallest settings, with top-level keys set or replaced."""
    return settle(table(**keys))


def demo() -> PipelineSettings:
    """The settings that are committed as pipeline.toml."""
    return load(DEMO)


def longest() -> PipelineSettings:
    """Settings that make every name derived from them as long as validation lets it be.

    The region's name is the longest there is; the service leaves the environments one character.
    """
    zones = [f"ap-southeast-1{letter}" for letter in "abcd"]  # by name: an emulated account has but three
    subject = f"repo:{'o' * 39}/{'r' * 100}:ref:refs/heads/{'b' * 100}"
    return minimal(
        service="abcdefghijkl-nopqrstuvwx",
        region="ap-southeast-1",
        permissions_boundary=f"arn:aws:iam::{ACCOUNT}:policy/{'p' * 128}",
        tags={f"{n:x<127}": "y" * 255 for n in range(46)},
        app={"port": 65535, "health_path": f"/{'h' * 1023}"},
        hosts={"host_port": 65535, "codedeploy_agent": f"2.9999.9999-{'9' * 12}"},
        source={
            "repository": f"{'g' * 127}/{'r' * 127}",
            "branch": "b" * 255,
            "paths": [f"{n:p<255}" for n in range(8)],
            "connection": "c" * 32,
        },
        registry={"administrators": [f"arn:aws:iam::{ACCOUNT}:role/{'a' * 64}"]},
        alerts={"emails": [f"{'e' * 64}@{'d' * 63}.{'d' * 63}.example.com"]},
        access={"github_subjects": [f"{subject}{n}" for n in range(5)]},
        environments=[
            environment(name="a", cidr="10.0.0.0/16", zones=zones, domain=_DOMAIN, hosted_zone=_DOMAIN[2:]),
            *(environment(name=name, cidr=f"10.{n}.0.0/16", zones=zones) for n, name in enumerate("bcd", 1)),
        ],
    )


def crowded() -> PipelineSettings:
    """A pipeline that CI applies, with as many environments as CodePipeline allows stages for."""
    return minimal(
        region="ap-southeast-1",
        permissions_boundary=f"arn:aws:iam::{ACCOUNT}:policy/{'p' * 128}",
        release={"command": ["./migrate"]},
        access={"github_subjects": ["repo:example/my-app:*"], "apply_subjects": ["repo:example/my-app:*"]},
        environments=[
            environment(
                name=f"environment-{n:02}",
                cidr=f"10.{n}.0.0/16",
                domain=f"{n}.example.com",
                hosted_zone="example.com",
            )
            for n in range(48)
        ],
    )


def one_environment(**keys: object) -> PipelineSettings:
    """The smallest settings, with keys of the only environment set or replaced."""
    return minimal(environments=[environment(**keys)])


@cache
def variants() -> dict[str, PipelineSettings]:
    """One pipeline for each way that it can be made; by name, for parametrised tests."""
    return {
        "http": minimal(),
        "https-by-certificate": one_environment(certificate_arn=CERTIFICATE_ARN),
        "https-by-domain": one_environment(domain="my-app.example.com", hosted_zone="example.com"),
        "one-zone": one_environment(zones=1),
        "three-zones": one_environment(zones=3, nat="per_zone"),
        "endpoints": endpoints(),
        "existing-network-with-endpoints": one_environment(network=NETWORK_BY_IDS, endpoints=True),
        "existing-by-tags": minimal(
            registry={"repository": "team/my-app"},
            alerts={"topic_arn": TOPIC_ARN, "topic_key_arn": KEY_ARN},
            environments=[
                environment(zones=3, network=NETWORK_BY_TAGS, access_log_bucket="logs-of-the-team")
            ],
        ),
        "existing-listener": one_environment(
            network=NETWORK_OF_HOSTS,
            load_balancer={
                "listener": LISTENER_ARN,
                "security_group": "sg-0123456789abcdef1",
                "host_names": ["*.example.org"],
                "paths": ["/orders/*"],
                "priority": 100,
                "egress_rule": False,
            },
            certificate_arn=CERTIFICATE_ARN,
        ),
        "platform": one_environment(
            platform="web-prod", zones=3, domain="my-app.example.com", hosted_zone="example.com"
        ),
        "named-zones": one_environment(zones=[f"{REGION}a", f"{REGION}c"]),
        "s3-source": minimal(source={"s3": {}}),
        "s3-source-elsewhere": minimal(
            source={"s3": {"bucket": "sources-of-the-team", "key": "app.zip"}},
            key_arn=KEY_ARN,
            environments=[environment(key_arn=ENVIRONMENT_KEY_ARN)],
        ),
        "arm": minimal(app={"architecture": "arm64"}),
        "codedeploy-managed-policy": minimal(codedeploy_managed_policy=True),
        "permissions-boundary": minimal(permissions_boundary=BOUNDARY_ARN),
        "four-environments": minimal(
            environments=[
                environment(name="dev", certificate_arn=CERTIFICATE_ARN),
                environment(
                    name="test", platform="my-app-dev", load_balancer={"host_names": ["test.example.com"]}
                ),
                *(
                    environment(name=name, cidr=f"10.{n}.0.0/16", approval=True)
                    for n, name in enumerate(("staging", "prod"))
                ),
            ]
        ),
        "existing-connection": minimal(
            source={"repository": "example/my-app", "connection_arn": CONNECTION_ARN}
        ),
        "existing-oidc-provider": minimal(
            access={"github_subjects": ["repo:example/my-app:*"], "oidc_provider_arn": PROVIDER_ARN}
        ),
        "minimum-healthy-hosts": one_environment(minimum_hosts=3, deployment={"hosts": 2}),
        "minimum-healthy-percent": one_environment(deployment={"percent": 50}),
        "zone-by-zone": one_environment(minimum_hosts=4, deployment={"percent": 50, "zone_minutes": 10}),
        "one-host": one_environment(minimum_hosts=1, maximum_hosts=1),
        "everything": everything(),
        "longest": longest(),
        "demo": demo(),
    }


def applied(pipeline: PipelineSettings) -> PipelineSettings:
    """Settings for which the service's own platforms exist already, as those of another service do."""
    return pipeline.model_copy(update={"service": "applied"})


def endpoints() -> PipelineSettings:
    """Settings of an environment without a way out, with what else is in its network or reads it."""
    return minimal(
        release={"command": ["python", "-m", "app.migrate"]},
        access={"github_subjects": ["repo:example/my-app:pull_request"]},
        environments=[
            environment(
                endpoints=True,
                egress=[{"port": 5432, "cidr": "10.20.4.0/24"}],
                certificate_arn=CERTIFICATE_ARN,
            )
        ],
    )


def everything() -> PipelineSettings:
    """Settings that switch on all there is, and say every key."""
    return minimal(
        state_bucket="team-terraform-state",
        log_retention_days=365,
        permissions_boundary=BOUNDARY_ARN,
        tags={"team": "payments", "cost-centre": "4711"},
        app={
            "port": 9000,
            "health_path": "/healthz",
            "architecture": "arm64",
            "aws_access": True,
            "health_seconds": 300,
            "stop_seconds": 60,
            "memory_mib": 1024,
            "cpus": 1.5,
            "pids": 2048,
            "tmpfs": ["/run/app:size=16m"],
        },
        hosts={"host_port": 9000, "codedeploy_agent": "2.1.0-9745926189", "max_age_days": 14},
        source={
            "repository": "group/team/my-app",
            "branch": "release/1.x",
            "paths": ["app/**"],
            "provider": "GitLab",
            "connection": "gitlab",
        },
        registry={
            "administrators": [f"arn:aws:iam::{ACCOUNT}:role/admin-*"],
            "keep_images": 50,
            "fail_on_critical": True,
        },
        release={"command": ["python", "-m", "app.migrate"], "minutes": 60},
        alerts={"emails": ["team@example.com", "on-call@example.com"]},
        access={
            "github_subjects": ["repo:example/my-app:ref:refs/heads/main"],
            "apply_subjects": ["repo:example/my-app:environment:apply"],
        },
        environments=[
            environment(name="staging", deployment="all_at_once", dashboard=False, deletion_protection=False),
            environment(
                name="prod",
                approval=True,
                account=ACCOUNT,
                region=REGION,
                cidr="10.30.0.0/20",
                zones=[f"{REGION}a", f"{REGION}b", f"{REGION}c"],
                instance_type="c7g.large",
                minimum_hosts=3,
                maximum_hosts=12,
                desired_hosts=6,
                deployment={"percent": 60},
                watch_minutes=10,
                quiet_minutes=15,
                nat="per_zone",
                domain="my-app.example.com",
                hosted_zone="example.com",
                allowed_cidrs=["192.0.2.0/24", "198.51.100.7/32"],
                egress=[
                    {"port": 5432, "cidr": "10.30.4.0/22"},
                    {"port": 587, "cidr": "203.0.113.0/24"},
                    {"port": 6379, "security_group": "sg-0123456789abcdef0"},
                ],
                alarms={"alb_5xx": 5, "target_5xx": 5, "latency_seconds": 0.5, "unhealthy_hosts": 2},
            ),
        ],
    )
