"""boto3 clients for an emulated AWS, whatever the developer's environment says; nothing is tried twice."""

import json
import urllib.request
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import boto3
from botocore.config import Config

if TYPE_CHECKING:
    from mypy_boto3_codedeploy.client import CodeDeployClient
    from mypy_boto3_ec2.client import EC2Client
    from mypy_boto3_elbv2.client import ElasticLoadBalancingv2Client
    from mypy_boto3_iam.client import IAMClient
    from mypy_boto3_s3.client import S3Client

ACCOUNT = "210987654321"  # not the one that moto is unless told
REGION: Final = "eu-central-1"
CONNECTION_ARN = f"arn:aws:codeconnections:{REGION}:{ACCOUNT}:connection/12345678-90ab-cdef-1234-567890abcdef"
CERTIFICATE_ARN = f"arn:aws:acm:{REGION}:{ACCOUNT}:certificate/12345678-90ab-cdef-1234-567890abcdef"
ONCE = Config(retries={"total_max_attempts": 1}, proxies={}, s3={"addressing_style": "path"})


@dataclass(frozen=True)
class Clients:
    """Clients for the AWS at an endpoint."""

    endpoint: str

    @cached_property
    def codedeploy(self) -> "CodeDeployClient":
        return self._session.client("codedeploy", endpoint_url=self.endpoint, config=ONCE)

    @cached_property
    def ec2(self) -> "EC2Client":
        return self._session.client("ec2", endpoint_url=self.endpoint, config=ONCE)

    @cached_property
    def elbv2(self) -> "ElasticLoadBalancingv2Client":
        return self._session.client("elbv2", endpoint_url=self.endpoint, config=ONCE)

    @cached_property
    def iam(self) -> "IAMClient":
        return self._session.client("iam", endpoint_url=self.endpoint, config=ONCE)

    @cached_property
    def s3(self) -> "S3Client":
        return self._session.client("s3", endpoint_url=self.endpoint, config=ONCE)

    def untyped(self, service: str) -> Any:  # noqa: ANN401 - services that we have no stubs of
        """A client of a service without stubs."""
        return self._session._session.create_client(
            service,
            region_name=REGION,
            endpoint_url=self.endpoint,
            aws_access_key_id="test",
            aws_secret_access_key="test",
            config=ONCE,
        )

    def raw(self, service: str, target: str, request: object) -> Any:  # noqa: ANN401 - JSON
        """What is answered before boto3 makes something of it, in AWS's JSON protocol."""
        scope = f"Credential=test/20200101/{REGION}/{service}/aws4_request"
        post = urllib.request.Request(
            self.endpoint,
            json.dumps(request).encode(),
            {
                "X-Amz-Target": target,
                "Content-Type": "application/x-amz-json-1.1",
                "Authorization": f"AWS4-HMAC-SHA256 {scope}, SignedHeaders=host, Signature=test",
            },
        )
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(post) as answer:
            return json.load(answer)

    @cached_property
    def _session(self) -> boto3.Session:
        return boto3.Session(aws_access_key_id="test", aws_secret_access_key="test", region_name=REGION)
