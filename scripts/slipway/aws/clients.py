"""AWS clients of one account and region, made when they are first used."""

import ipaddress
import os
from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import boto3
from botocore.config import Config

from slipway.errors import SlipwayError

if TYPE_CHECKING:
    from mypy_boto3_cloudwatch.client import CloudWatchClient
    from mypy_boto3_codedeploy.client import CodeDeployClient
    from mypy_boto3_ecr.client import ECRClient
    from mypy_boto3_elbv2.client import ElasticLoadBalancingv2Client
    from mypy_boto3_route53.client import Route53Client
    from mypy_boto3_s3.client import S3Client
    from mypy_boto3_ssm.client import SSMClient
    from mypy_boto3_sts.client import STSClient

ENDPOINT = "AWS_ENDPOINT_URL"
CONFIG = Config(retries={"mode": "standard", "max_attempts": 3}, connect_timeout=10)


class Aws:
    """Clients for a region, with the credentials that the environment holds.

    environment: os.environ unless said; one that names an endpoint has to hold the keys for it too.
    """

    def __init__(self, region: str, environment: Mapping[str, str] = os.environ) -> None:
        self.region = region
        self._environment = environment

    @cached_property
    def s3(self) -> "S3Client":
        """Buckets."""
        return self._session.client("s3", endpoint_url=self._endpoint, config=self._config)

    @cached_property
    def sts(self) -> "STSClient":
        """Who we are."""
        return self._session.client("sts", endpoint_url=self._endpoint, config=self._config)

    @cached_property
    def cloudwatch(self) -> "CloudWatchClient":
        """Alarms."""
        return self._session.client("cloudwatch", endpoint_url=self._endpoint, config=self._config)

    @cached_property
    def codedeploy(self) -> "CodeDeployClient":
        """Deployments."""
        return self._session.client("codedeploy", endpoint_url=self._endpoint, config=self._config)

    @cached_property
    def ssm(self) -> "SSMClient":
        """Parameters."""
        return self._session.client("ssm", endpoint_url=self._endpoint, config=self._config)

    @cached_property
    def ecr(self) -> "ECRClient":
        """Image repositories."""
        return self._session.client("ecr", endpoint_url=self._endpoint, config=self._config)

    @cached_property
    def elbv2(self) -> "ElasticLoadBalancingv2Client":
        """Load balancers."""
        return self._session.client("elbv2", endpoint_url=self._endpoint, config=self._config)

    @cached_property
    def route53(self) -> "Route53Client":
        """Hosted zones."""
        return self._session.client("route53", endpoint_url=self._endpoint, config=self._config)

    @cached_property
    def _session(self) -> boto3.Session:
        if self._environment is os.environ:
            return boto3.Session(region_name=self.region)
        return boto3.Session(
            aws_access_key_id=self._environment["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=self._environment["AWS_SECRET_ACCESS_KEY"],
            aws_session_token=self._environment.get("AWS_SESSION_TOKEN"),
            region_name=self.region,
        )

    @property
    def _config(self) -> Config:
        """On this machine, no proxy leads to it, nor do the names of buckets as hosts."""
        if not is_emulated(self._environment):
            return CONFIG
        return CONFIG.merge(Config(s3={"addressing_style": "path"}, proxies={}))

    @property
    def _endpoint(self) -> str | None:
        return self._environment.get(ENDPOINT) or None


def require_account(aws: Aws, account: str) -> None:
    """Refuse to go on with credentials of an account other than the settings' own."""
    identity = aws.sts.get_caller_identity()
    if identity["Account"] != account:
        raise SlipwayError(
            f"these credentials are for another account: {identity['Account']}",
            why=f'pipeline.toml says account = "{account}"; the credentials are {identity["Arn"]}',
            then="choose the right credentials (AWS_PROFILE), or correct the account in pipeline.toml",
        )


def is_emulated(environment: Mapping[str, str]) -> bool:
    """Whether the environment's endpoint is on this machine: an emulated AWS."""
    host = urlsplit(environment.get(ENDPOINT, "")).hostname or ""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
