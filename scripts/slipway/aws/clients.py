"""boto3 clients for one account and region, created at first use; their errors are AwsErrors."""

import ipaddress
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast
from urllib.parse import urlsplit

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from slipway.aws.errors import SIGN_IN, AwsError, translated
from slipway.aws.identity import Identity
from slipway.aws.refusals import ClientRefusal
from slipway.console.errors import SlipwayError, UsageError

if TYPE_CHECKING:
    from botocore.client import BaseClient
    from botocore.model import OperationModel
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
CA_BUNDLES = ("AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE")
# Adaptive: after throttling, the client lowers its own request rate.
CONFIG = Config(retries={"mode": "adaptive", "total_max_attempts": 5}, connect_timeout=10)

Made = TypeVar("Made")


@contextmanager
def translating() -> Iterator[None]:
    """A context in which botocore's errors are raised as AwsErrors."""
    try:
        yield
    except AwsError:
        raise
    except (BotoCoreError, ClientError) as error:
        raise translated(error) from error


class _Translating:
    """A base class of every client made here: its calls raise AwsError."""

    def _make_api_call(self, operation: str, parameters: Mapping[str, object]) -> Any:  # noqa: ANN401 - any answer
        call: Callable[..., Any] = super()._make_api_call  # type: ignore[misc]  # of botocore's BaseClient
        with translating():
            return call(operation, parameters)


def _translate(base_classes: list[type], **_: object) -> None:
    """A handler for boto3's event "creating-client-class" (boto3's guide, Extensibility)."""
    base_classes.insert(0, _Translating)


class Client(Generic[Made]):
    """A descriptor: the client that its attribute names, typed by boto3's stubs; created once."""

    def __set_name__(self, _: type, name: str) -> None:
        self._name = name

    def __get__(self, aws: "Aws", _: type) -> Made:
        with aws.making:
            if self._name not in vars(aws):
                vars(aws)[self._name] = aws.client(self._name.replace("_", "-"))
            return cast(Made, vars(aws)[self._name])


class Aws:
    """Clients for a region, with the credentials from the environment.

    environment: environment variables; if not os.environ, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are
    required. Default: os.environ.
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
        self.making = Lock()
        """Held while a client is created: a boto3 session is not safe for several threads."""
        self.refusals: list[ClientRefusal] | None = None
        """Calls that AWS refuses are appended here, if this is a list. Default: None."""
        self._environment = environment

    def client(self, service: str) -> "BaseClient":
        """A client for any service.

        service: boto3's name of it. Raises UsageError for unusable AWS settings.
        """
        self._check_settings()
        with translating():
            self._find_credentials()
            # The type depends on the name; the Client attributes above declare it.
            make: Callable[..., BaseClient] = self._session.client
            try:
                return make(service, endpoint_url=self._endpoint, config=self._config)
            # Not botocore's own errors, which are BotoCoreErrors.
            except (LookupError, OSError, TypeError, ValueError) as error:
                raise UsageError(
                    "invalid AWS settings",
                    why=str(error),
                    then="correct it in the variables AWS_…, in ~/.aws/config or ~/.aws/credentials",
                ) from error

    def _find_credentials(self) -> None:
        """Load the credentials; botocore keeps them. Raises AwsError if a credential_process fails."""
        try:
            self._session.get_credentials()
        except BotoCoreError:
            raise
        except Exception as error:  # botocore does not catch what a program's output causes
            raise AwsError("no AWS credentials found", why=_of_program(error), then=SIGN_IN) from error

    @cached_property
    def identity(self) -> Identity:
        """The account and ARN of the credentials; requested once."""
        answer = self.sts.get_caller_identity()
        return Identity(account=answer["Account"], arn=answer["Arn"])

    @cached_property
    def _session(self) -> boto3.Session:
        session = self._new_session()
        session.events.register("creating-client-class", _translate)
        session.events.register("after-call", self._note_refusal)
        return session

    def _note_refusal(self, parsed: Mapping[str, Any], model: "OperationModel", **_: object) -> None:
        """A handler for botocore's event "after-call": the response to each call, after all retries."""
        error = parsed.get("Error")
        if self.refusals is not None and error:
            service = model.service_model.service_name
            code, message = error.get("Code", ""), error.get("Message", "")
            self.refusals.append(ClientRefusal(service, model.name, code, message))

    def _new_session(self) -> boto3.Session:
        if self._environment is os.environ:
            return boto3.Session(region_name=self.region)
        return boto3.Session(
            aws_access_key_id=self._environment["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=self._environment["AWS_SECRET_ACCESS_KEY"],
            aws_session_token=self._environment.get("AWS_SESSION_TOKEN"),
            region_name=self.region,
        )

    def _check_settings(self) -> None:
        """Raise UsageError for settings that botocore would report as a network error, or not at all."""
        for name, value in self._environment.items():
            if name.startswith(ENDPOINT) and value and not _is_address(value):
                raise UsageError(
                    f"{name} is not a valid URL: {value}",
                    then="unset it, or give a URL such as http://localhost:4566",
                )
        for name in CA_BUNDLES:
            if (file := self._environment.get(name)) and not Path(file).exists():
                raise UsageError(
                    f"{name} names a file that does not exist: {file}", then="correct or unset it"
                )

    @property
    def _config(self) -> Config:
        """The settings for botocore; for a local endpoint without proxies and bucket host names."""
        if not is_emulated(self._environment):
            return CONFIG
        return CONFIG.merge(Config(s3={"addressing_style": "path"}, proxies={}))

    @property
    def _endpoint(self) -> str | None:
        return self._environment.get(ENDPOINT) or None


def _is_address(url: str) -> bool:
    """Whether it is an http or https URL with a host and a valid port, if it has one."""
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _of_program(error: Exception) -> str:
    """What is wrong with the program or file that supplies the credentials, in one line."""
    said = f"{error.filename}: {error.strerror}" if isinstance(error, OSError) else str(error)
    return f"their program or file failed: {said.splitlines()[0] if said else type(error).__name__}"


def require_account(aws: Aws, account: str) -> None:
    """Raise SlipwayError if the credentials belong to another account than pipeline.toml names."""
    if aws.identity.account != account:
        raise SlipwayError(
            f"the AWS credentials belong to another account: {aws.identity.account}",
            why=f'pipeline.toml says account = "{account}"; the credentials are {aws.identity.arn}',
            then="choose other credentials (AWS_PROFILE), or correct the account in pipeline.toml",
        )


def is_emulated(environment: Mapping[str, str]) -> bool:
    """Whether AWS_ENDPOINT_URL is on this machine, which means an emulated AWS."""
    try:
        host = urlsplit(environment.get(ENDPOINT, "")).hostname or ""
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
