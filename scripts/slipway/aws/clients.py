"""AWS clients of one account and region, made when they are first used; what they raise is an AwsError."""

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
# Adaptive: whoever is throttled slows down by itself, before AWS has to refuse again.
CONFIG = Config(retries={"mode": "adaptive", "total_max_attempts": 5}, connect_timeout=10)

Made = TypeVar("Made")


@contextmanager
def translating() -> Iterator[None]:
    """Raise what botocore raises meanwhile as an AwsError."""
    try:
        yield
    except AwsError:
        raise
    except (BotoCoreError, ClientError) as error:
        raise translated(error) from error


class _Translating:
    """What every client made here is, too: its calls raise errors of ours."""

    def _make_api_call(self, operation: str, parameters: Mapping[str, object]) -> Any:  # noqa: ANN401 - any answer
        call: Callable[..., Any] = super()._make_api_call  # type: ignore[misc]  # of botocore's BaseClient
        with translating():
            return call(operation, parameters)


def _translate(base_classes: list[type], **_: object) -> None:
    """An extension as boto3's guide describes them, on the event "creating-client-class"."""
    base_classes.insert(0, _Translating)


class Client(Generic[Made]):
    """A client by its attribute's name, with the type that boto3's stubs give it; made once."""

    def __set_name__(self, _: type, name: str) -> None:
        self._name = name

    def __get__(self, aws: "Aws", _: type) -> Made:
        with aws.making:
            if self._name not in vars(aws):
                vars(aws)[self._name] = aws.client(self._name.replace("_", "-"))
            return cast(Made, vars(aws)[self._name])


class Aws:
    """Clients for a region, with the credentials that the environment holds.

    environment: one that names an endpoint has to hold the keys for it too. Default: os.environ.
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
        """Held while a client is made: a session cannot make them in several threads at a time."""
        self.refusals: list[ClientRefusal] | None = None
        """What AWS refuses from now on is noted here, if there is a list."""
        self._environment = environment

    def client(self, service: str) -> "BaseClient":
        """A client of any service, by boto3's name of it."""
        self._check_settings()
        with translating():
            self._find_credentials()
            # Its type depends on the name; Client says it for each that is used.
            make: Callable[..., BaseClient] = self._session.client
            try:
                return make(service, endpoint_url=self._endpoint, config=self._config)
            except (LookupError, OSError, TypeError, ValueError) as error:  # botocore's own are none of these
                raise UsageError(
                    "the AWS command line's settings cannot be used",
                    why=str(error),
                    then="correct or unset what the variables AWS_… or AWS's files of settings say",
                ) from error

    def _find_credentials(self) -> None:
        """Find them; botocore keeps them. Refuses a credential_process that cannot be run or understood."""
        try:
            self._session.get_credentials()
        except BotoCoreError:
            raise
        except Exception as error:  # whatever botocore stumbles over in what a program printed
            raise AwsError("there are no AWS credentials", why=_of_program(error), then=SIGN_IN) from error

    @cached_property
    def identity(self) -> Identity:
        """Whose the credentials are; asked once."""
        answer = self.sts.get_caller_identity()
        return Identity(account=answer["Account"], arn=answer["Arn"])

    @cached_property
    def _session(self) -> boto3.Session:
        session = self._new_session()
        session.events.register("creating-client-class", _translate)
        session.events.register("after-call", self._note_refusal)
        return session

    def _note_refusal(self, parsed: Mapping[str, Any], model: "OperationModel", **_: object) -> None:
        """An event of botocore's: the answer to each call, after whatever was tried again."""
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
        """Refuse what botocore would only tell of as a network that cannot be reached, or not at all."""
        for name, value in self._environment.items():
            if name.startswith(ENDPOINT) and value and not _is_address(value):
                raise UsageError(
                    f"{name} is not an address: {value}",
                    then="it begins with http:// or https://, such as http://localhost:4566; or unset it",
                )
        for name in CA_BUNDLES:
            if (file := self._environment.get(name)) and not Path(file).exists():
                raise UsageError(f"{name} names a file that is not there: {file}", then="correct or unset it")

    @property
    def _config(self) -> Config:
        """On this machine, no proxy leads to it, nor do the names of buckets as hosts."""
        if not is_emulated(self._environment):
            return CONFIG
        return CONFIG.merge(Config(s3={"addressing_style": "path"}, proxies={}))

    @property
    def _endpoint(self) -> str | None:
        return self._environment.get(ENDPOINT) or None


def _is_address(url: str) -> bool:
    """Whether it is one of http or https, with a host and, if any, a port that there can be."""
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _of_program(error: Exception) -> str:
    """What is wrong with the program or the file that credentials come from, in one line."""
    said = f"{error.filename}: {error.strerror}" if isinstance(error, OSError) else str(error)
    return (
        f"the program or file that they come from: {said.splitlines()[0] if said else type(error).__name__}"
    )


def require_account(aws: Aws, account: str) -> None:
    """Refuse to go on with credentials of an account other than the settings' own."""
    if aws.identity.account != account:
        raise SlipwayError(
            f"these credentials are for another account: {aws.identity.account}",
            why=f'pipeline.toml says account = "{account}"; the credentials are {aws.identity.arn}',
            then="choose the right credentials (AWS_PROFILE), or correct the account in pipeline.toml",
        )


def is_emulated(environment: Mapping[str, str]) -> bool:
    """Whether the environment's endpoint is on this machine: an emulated AWS."""
    try:
        host = urlsplit(environment.get(ENDPOINT, "")).hostname or ""
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
