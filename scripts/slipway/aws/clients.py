"""AWS clients of one account and region, made when they are first used."""

import ipaddress
import os
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Generic, TypeVar, cast
from urllib.parse import urlsplit

import boto3
from botocore.config import Config

from slipway.console.errors import SlipwayError

if TYPE_CHECKING:
    from botocore.client import BaseClient
    from mypy_boto3_autoscaling.client import AutoScalingClient
    from mypy_boto3_cloudwatch.client import CloudWatchClient
    from mypy_boto3_codebuild.client import CodeBuildClient
    from mypy_boto3_codeconnections.client import CodeConnectionsClient
    from mypy_boto3_codedeploy.client import CodeDeployClient
    from mypy_boto3_codepipeline.client import CodePipelineClient
    from mypy_boto3_ec2.client import EC2Client
    from mypy_boto3_ecr.client import ECRClient
    from mypy_boto3_elbv2.client import ElasticLoadBalancingv2Client
    from mypy_boto3_events.client import EventBridgeClient
    from mypy_boto3_iam.client import IAMClient
    from mypy_boto3_kms.client import KMSClient
    from mypy_boto3_logs.client import CloudWatchLogsClient
    from mypy_boto3_route53.client import Route53Client
    from mypy_boto3_s3.client import S3Client
    from mypy_boto3_service_quotas.client import ServiceQuotasClient
    from mypy_boto3_sns.client import SNSClient
    from mypy_boto3_ssm.client import SSMClient
    from mypy_boto3_sts.client import STSClient

ENDPOINT = "AWS_ENDPOINT_URL"
# Adaptive: whoever is throttled slows down by itself, before AWS has to refuse again.
CONFIG = Config(retries={"mode": "adaptive", "total_max_attempts": 5}, connect_timeout=10)

Made = TypeVar("Made")


class Client(Generic[Made]):
    """A client by its attribute's name, with the type that boto3's stubs give it; made once."""

    def __set_name__(self, _: type, name: str) -> None:
        self._name = name

    def __get__(self, aws: "Aws", _: type) -> Made:
        made = cast(Made, aws.client(self._name.replace("_", "-")))
        vars(aws)[self._name] = made
        return made


class Aws:
    """Clients for a region, with the credentials that the environment holds.

    environment: os.environ unless said; one that names an endpoint has to hold the keys for it too.
    """

    autoscaling: "Client[AutoScalingClient]" = Client()
    cloudwatch: "Client[CloudWatchClient]" = Client()
    codebuild: "Client[CodeBuildClient]" = Client()
    codeconnections: "Client[CodeConnectionsClient]" = Client()
    codedeploy: "Client[CodeDeployClient]" = Client()
    codepipeline: "Client[CodePipelineClient]" = Client()
    ec2: "Client[EC2Client]" = Client()
    ecr: "Client[ECRClient]" = Client()
    elbv2: "Client[ElasticLoadBalancingv2Client]" = Client()
    events: "Client[EventBridgeClient]" = Client()
    iam: "Client[IAMClient]" = Client()
    kms: "Client[KMSClient]" = Client()
    logs: "Client[CloudWatchLogsClient]" = Client()
    route53: "Client[Route53Client]" = Client()
    s3: "Client[S3Client]" = Client()
    service_quotas: "Client[ServiceQuotasClient]" = Client()
    sns: "Client[SNSClient]" = Client()
    ssm: "Client[SSMClient]" = Client()
    sts: "Client[STSClient]" = Client()

    def __init__(self, region: str, environment: Mapping[str, str] = os.environ) -> None:
        self.region = region
        self._environment = environment

    def client(self, service: str) -> "BaseClient":
        """A client of any service, by boto3's name of it."""
        # Its type depends on the name; Client says it for each that is used.
        make: Callable[..., BaseClient] = self._session.client
        return make(service, endpoint_url=self._endpoint, config=self._config)

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
