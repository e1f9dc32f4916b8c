"""`slipway destroy` says what it leaves: all that pipeline.toml names because it existed already."""

import pytest

from slipway.terraform.destroy.kept import kept
from tests.settings import (
    BALANCER_GROUP,
    CERTIFICATE_ARN,
    ENVIRONMENT_KEY_ARN,
    KEY_ARN,
    LISTENER_ARN,
    NETWORK_BY_TAGS,
    NETWORK_OF_HOSTS,
    TOPIC_ARN,
    environment,
    minimal,
    variants,
)

SETTINGS = minimal(
    key_arn=KEY_ARN,
    registry={"repository": "team/my-app"},
    alerts={"topic_arn": TOPIC_ARN},
    source={"s3": {"bucket": "sources-of-the-team"}},
    environments=[
        environment(network=NETWORK_BY_TAGS, access_log_bucket="team-logs", certificate_arn=CERTIFICATE_ARN),
        environment(
            name="prod",
            network=NETWORK_OF_HOSTS,
            load_balancer={"listener": LISTENER_ARN, "security_group": BALANCER_GROUP},
            key_arn=ENVIRONMENT_KEY_ARN,
            domain="my-app.example.com",
            hosted_zone="example.com",
        ),
    ],
)


def test_all_that_existed_before_is_named() -> None:
    assert kept(SETTINGS, SETTINGS.environments) == [
        (
            "Kept, because it existed before: the bucket team-logs, the certificate"
            " 12345678-90ab-cdef-1234-567890abcdef, the hosted zone example.com,"
            " the key mrk-1234567890abcdef1234567890abcdef, the load balancer web,"
            " the network tagged Name=shared, the network vpc-0123456789abcdef1,"
            " the key 12345678-90ab-4def-8234-567890abcdef, the repository team/my-app,"
            " the topic on-call, the bucket sources-of-the-team."
        )
    ]


def test_with_one_environment_only_what_it_uses_is_named() -> None:
    (line,) = kept(SETTINGS, SETTINGS.environments[1:])
    assert "the load balancer web" in line
    assert "team" not in line


def test_a_platform_of_the_service_itself_did_not_exist_before() -> None:
    settings = variants()["four-environments"]
    [test] = (environment for environment in settings.environments if environment.name == "test")
    assert kept(settings, [test]) == []


@pytest.mark.parametrize("name", ["http", "s3-source", "three-zones"])
def test_where_everything_was_created_here_nothing_is_said(name: str) -> None:
    assert kept(variants()[name], variants()[name].environments) == []
