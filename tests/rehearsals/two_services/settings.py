"""The pipeline.toml of the two services: the first owns the load balancer that the second shares."""

from collections.abc import Mapping

from tests.settings import ACCOUNT, CERTIFICATE_ARN, REGION

OWNER, SHARER = "orders", "billing"
HOST_NAMES: Mapping[str, str] = {OWNER: "orders.example.com", SHARER: "billing.example.com"}
"""Requests for the first one's match no rule: they get the listener's default action."""

_ENVIRONMENTS = {
    OWNER: f'cidr = "10.20.0.0/16"\ncertificate_arn = "{CERTIFICATE_ARN}"',
    SHARER: f'platform = "{OWNER}-prod"\nload_balancer.host_names = ["{HOST_NAMES[SHARER]}"]',
}


def pipeline_toml(service: str) -> str:
    """The settings of a service, with one host: every release interrupts its own service."""
    return f"""\
service = "{service}"
account = "{ACCOUNT}"
region = "{REGION}"
source.repository = "example/{service}"
alerts.emails = ["team@example.com"]

[[environments]]
name = "prod"
minimum_hosts = 1
maximum_hosts = 2
{_ENVIRONMENTS[service]}
"""
