"""Says in plain words what AWS refused, or why it could not be asked."""

import re

from botocore import exceptions as boto
from botocore.exceptions import BotoCoreError, ClientError

from slipway.console.errors import SlipwayError

SIGN_IN = "sign in (for example `aws sso login`), or set AWS_PROFILE, then try again"
EXPIRED = {"ExpiredToken", "ExpiredTokenException", "RequestExpired", "TokenRefreshRequired"}
UNKNOWN_KEYS = {
    "AuthFailure",
    "IncompleteSignature",
    "InvalidAccessKeyId",
    "InvalidClientTokenId",
    "SignatureDoesNotMatch",
    "UnrecognizedClientException",
}
DENIED = {"403", "AccessDenied", "AccessDeniedException", "AuthorizationError", "UnauthorizedOperation"}
CLOCK = {"RequestTimeTooSkewed"}
THROTTLED = {
    "RequestLimitExceeded",
    "RequestThrottled",
    "SlowDown",
    "Throttling",
    "ThrottlingException",
    "TooManyRequestsException",
}
AILING = {"InternalError", "InternalFailure", "InternalServerError", "ServiceUnavailable"}
KNOWN = (
    (EXPIRED, "the AWS credentials have expired", SIGN_IN),
    (
        UNKNOWN_KEYS,
        "AWS does not know these credentials",
        f"{SIGN_IN}; a region that the account has not enabled answers so too",
    ),
    (CLOCK, "this machine's clock is wrong", "set it, then try again"),
    (
        THROTTLED,
        "AWS is asked too often: {operation}",
        "wait a minute, then try again; it was tried several times already",
    ),
    (
        AILING,
        "AWS failed at {operation}",
        "try again; https://health.aws.amazon.com says whether AWS knows of it",
    ),
)
"""Codes of refusals, what that means, and what to do."""
ACTION = re.compile(r"not authorized to perform:? ([a-z0-9-]+:[A-Za-z0-9]+)")

NO_CREDENTIALS = (
    boto.NoCredentialsError,
    boto.PartialCredentialsError,
    boto.ProfileNotFound,
    boto.CredentialRetrievalError,
    boto.NoAuthTokenError,
)
STALE = (boto.LoginError, boto.SSOError, boto.TokenRetrievalError, boto.SSOTokenLoadError)
NO_ANSWER = (boto.HTTPClientError, boto.ConnectionError)


def explain(error: BotoCoreError | ClientError) -> SlipwayError:
    """The error for people that stands for one of botocore's."""
    if isinstance(error, ClientError):
        return _refused(error)
    if isinstance(error, STALE):
        return SlipwayError("the sign-in to AWS has expired", why=str(error), then=SIGN_IN)
    if isinstance(error, NO_CREDENTIALS):
        return SlipwayError("there are no AWS credentials", why=str(error), then=SIGN_IN)
    if isinstance(error, boto.InvalidRegionError | boto.NoRegionError):
        return SlipwayError(
            "the AWS region is not one", why=str(error), then="correct region in pipeline.toml"
        )
    if isinstance(error, NO_ANSWER):
        return SlipwayError(
            "AWS cannot be reached",
            why=str(error),
            then="check the network, the region in pipeline.toml, and AWS_ENDPOINT_URL if it is set",
        )
    return SlipwayError("the AWS client failed", why=str(error))


def code_of(error: ClientError) -> str:
    """AWS's code for what it refused, for example ``NoSuchBucket``."""
    return str(error.response.get("Error", {}).get("Code", ""))


def _refused(error: ClientError) -> SlipwayError:
    code = code_of(error)
    message = str(error.response.get("Error", {}).get("Message", "")) or code
    if code in DENIED:
        return SlipwayError(
            f"these AWS credentials may not do {_action(error, message)}",
            why=message,
            then="use credentials that may, or have this action allowed",
        )
    for codes, what, then in KNOWN:
        if code in codes:
            return SlipwayError(what.format(operation=error.operation_name), why=message, then=then)
    return SlipwayError(f"AWS refused {error.operation_name}", why=f"{code}: {message}")


def _action(error: ClientError, message: str) -> str:
    """The action as AWS names it where it does; its API's name otherwise."""
    named = ACTION.search(message)
    return named[1] if named else error.operation_name
