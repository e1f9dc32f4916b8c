"""What AWS refuses, in plain words."""

import pytest
from botocore import exceptions as boto
from botocore.exceptions import BotoCoreError, ClientError

from slipway.aws.errors import translated


def refused(code: str, message: str = "no", operation: str = "CreateBucket") -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": message}}, operation)


@pytest.mark.parametrize(
    ("error", "what"),
    [
        (boto.NoCredentialsError(), "no AWS credentials found"),
        (boto.ProfileNotFound(profile="x"), "no AWS credentials found"),
        (boto.UnauthorizedSSOTokenError(), "the sign-in to AWS has expired"),
        (boto.SSOTokenLoadError(error_msg="x"), "the sign-in to AWS has expired"),
        (boto.TokenRetrievalError(provider="sso", error_msg="x"), "the sign-in to AWS has expired"),
        (boto.EndpointConnectionError(endpoint_url="https://sts.nowhere-1.x"), "AWS cannot be reached"),
        (boto.ConnectTimeoutError(endpoint_url="https://x"), "AWS cannot be reached"),
        (boto.InvalidRegionError(region_name="no where"), "invalid AWS region"),
        (boto.NoRegionError(), "invalid AWS region"),
        (boto.DataNotFoundError(data_path="x"), "the AWS client failed"),
        (refused("ExpiredToken"), "the AWS credentials have expired"),
        (refused("RequestExpired"), "the AWS credentials have expired"),
        (refused("InvalidClientTokenId"), "AWS does not accept these credentials"),
        (refused("SignatureDoesNotMatch"), "AWS does not accept these credentials"),
        (refused("RequestTimeTooSkewed"), "this machine's clock is wrong"),
        (boto.LoginRefreshRequired(), "the sign-in to AWS has expired"),
        (boto.NoAuthTokenError(), "no AWS credentials found"),
        (refused("SlowDown"), "AWS request rate exceeded: CreateBucket"),
        (refused("ServiceUnavailable"), "AWS reports an internal error for CreateBucket"),
        (refused("MalformedPolicy"), "AWS refused CreateBucket"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else value,
)
def test_what_happened_is_said(error: BotoCoreError | ClientError, what: str) -> None:
    explained = translated(error)
    assert explained.what == what
    assert explained.why


def test_a_denied_action_is_named_as_aws_names_it() -> None:
    message = "User: arn:aws:iam::1:user/ana is not authorized to perform: s3:PutBucketPolicy on resource: x"
    assert (
        translated(refused("AccessDenied", message)).what
        == "these AWS credentials have no permission for s3:PutBucketPolicy"
    )


def test_a_denied_action_that_aws_does_not_name_is_named_by_its_api() -> None:
    assert (
        translated(refused("403", "Forbidden", "HeadBucket")).what
        == "these AWS credentials have no permission for HeadBucket"
    )


def test_whoever_has_no_credentials_is_told_how_to_get_them() -> None:
    assert "AWS_PROFILE" in translated(boto.NoCredentialsError()).then
