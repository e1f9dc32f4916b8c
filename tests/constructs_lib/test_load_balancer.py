from functools import cache
from typing import Any

from constructs_lib.load_balancer import TLS_POLICY, LoadBalancer
from constructs_lib.testing import (
    Testing,
    assert_properties,
    resource,
    resources,
    statement,
)

import pytest
from cdktf import TerraformStack

from tests.constructs_lib.building import ACCOUNT, REGION, network

CERTIFICATE = f"arn:aws:acm:{REGION}:{ACCOUNT}:certificate/1"


@cache
def synthesise(
    *,
    certificate_arn: str | None = None,
    allowed_cidrs: tuple[str, ...] = ("0.0.0.0/0",),
    deletion_protection: bool = True,
) -> str:
    def build(stack: TerraformStack) -> None:
        LoadBalancer(
            stack,
            "traffic",
            name="my-app",
            target_group_name="my-app-8080",
            network=network(stack),
            port=8080,
            health_path="/readyz",
            log_bucket_name="my-app-alb-logs",
            certificate_arn=certificate_arn,
            allowed_cidrs=allowed_cidrs,
            deletion_protection=deletion_protection,
            log_retention_days=14,
        )

    return Testing.synth_scope(build)


def open_to_clients(synthesised: str) -> set[tuple[str, int]]:
    """Each range and port that the load balancer is open to."""
    rules: list[Any] = list(resources(synthesised, "aws_vpc_security_group_ingress_rule").values())
    assert all(rule["from_port"] == rule["to_port"] for rule in rules)
    return {(rule["cidr_ipv4"], rule["from_port"]) for rule in rules}


def test_it_stands_on_the_internet_and_in_every_public_subnet() -> None:
    found = resource(synthesise(), "aws_lb")

    assert found["internal"] is False
    assert len(found["subnets"]) == 2
    assert all("network_public-" in subnet for subnet in found["subnets"])


def test_it_drops_invalid_headers_and_guards_against_smuggled_requests() -> None:
    assert_properties(
        resource(synthesise(), "aws_lb"),
        {"drop_invalid_header_fields": True, "desync_mitigation_mode": "defensive"},
    )


@pytest.mark.parametrize("protected", [True, False])
def test_it_refuses_to_be_deleted_unless_told_otherwise(protected: bool) -> None:
    found = resource(synthesise(deletion_protection=protected), "aws_lb")

    assert found["enable_deletion_protection"] is protected


def test_it_waits_for_the_policy_of_the_bucket_that_it_logs_to() -> None:
    synthesised = synthesise()

    (policy,) = resources(synthesised, "aws_s3_bucket_policy")
    found = resource(synthesised, "aws_lb")
    assert found["access_logs"] == {"bucket": "my-app-alb-logs", "enabled": True}
    assert f"aws_s3_bucket_policy.{policy}" in found["depends_on"]


def test_load_balancers_may_write_the_logs_of_this_account_as_aws_documents_it() -> None:
    assert statement(resource(synthesise(), "aws_s3_bucket_policy"), "DeliverAccessLogs") == {
        "Sid": "DeliverAccessLogs",
        "Effect": "Allow",
        "Principal": {"Service": ["logdelivery.elasticloadbalancing.amazonaws.com"]},
        "Action": ["s3:PutObject"],
        "Resource": [f"arn:aws:s3:::my-app-alb-logs/AWSLogs/{ACCOUNT}/*"],
    }


def test_the_log_bucket_is_encrypted_with_s3s_own_keys_the_only_ones_that_a_load_balancer_can_use() -> None:
    (rule,) = resource(synthesise(), "aws_s3_bucket_server_side_encryption_configuration")["rule"]

    assert rule["apply_server_side_encryption_by_default"] == {"sse_algorithm": "AES256"}


def test_access_logs_expire() -> None:
    rules = resource(synthesise(), "aws_s3_bucket_lifecycle_configuration")["rule"]

    (expiry,) = [rule for rule in rules if "expiration" in rule]
    assert expiry["filter"] == [{"prefix": "AWSLogs/"}]
    assert expiry["expiration"] == [{"days": 14}]


def test_with_a_certificate_it_speaks_https_by_a_current_policy() -> None:
    assert_properties(
        resource(synthesise(certificate_arn=CERTIFICATE), "aws_lb_listener", "https"),
        {"port": 443, "protocol": "HTTPS", "ssl_policy": TLS_POLICY, "certificate_arn": CERTIFICATE},
    )


def test_with_a_certificate_plain_http_is_redirected_for_good() -> None:
    (action,) = resource(synthesise(certificate_arn=CERTIFICATE), "aws_lb_listener", "http")["default_action"]

    assert action == {
        "type": "redirect",
        "redirect": {"port": "443", "protocol": "HTTPS", "status_code": "HTTP_301"},
    }


def test_without_a_certificate_plain_http_is_all_there_is() -> None:
    (action,) = resource(synthesise(), "aws_lb_listener")["default_action"]

    assert action["type"] == "forward"


def test_only_the_ranges_that_are_allowed_can_connect_and_only_to_what_is_listened_on() -> None:
    allowed = ("10.0.0.0/8", "192.0.2.0/24")

    assert open_to_clients(synthesise(allowed_cidrs=allowed)) == {(cidr, 80) for cidr in allowed}
    assert open_to_clients(synthesise(allowed_cidrs=allowed, certificate_arn=CERTIFICATE)) == {
        (cidr, port) for cidr in allowed for port in (80, 443)
    }


def test_it_reaches_nothing_until_hosts_are_put_behind_it() -> None:
    assert resources(synthesise(), "aws_vpc_security_group_egress_rule") == {}
