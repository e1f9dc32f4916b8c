"""What AWS refused, or why it could not be asked, as an error of ours in plain words."""

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
        "AWS request rate exceeded: {operation}",
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


class AwsError(SlipwayError):
    """AWS could not be asked: no credentials, no network, no such region.

    passing: whether the same call may succeed a moment later.
    """

    code = ""
    """AWS's code for what it refused, for example ``NoSuchBucket``; "" if AWS did not answer."""

    def __init__(self, what: str, *, why: str = "", then: str = "", passing: bool = False) -> None:
        super().__init__(what, why=why, then=then)
        self.passing = passing


class RefusedError(AwsError, ClientError):
    """AWS refused a call. Still a ClientError, which boto3's own waiters look for.

    code: AWS's code for it. message: AWS's own words.
    """

    def __init__(self, error: ClientError) -> None:
        self.response, self.operation_name = error.response, error.operation_name
        self.code = str(error.response.get("Error", {}).get("Code", ""))
        self.message = str(error.response.get("Error", {}).get("Message", "")) or self.code
        what, why, then = self._words()
        AwsError.__init__(self, what, why=why, then=then, passing=self.code in THROTTLED | AILING)

    @property
    def denied(self) -> bool:
        """Whether these credentials may not do it."""
        return self.code in DENIED

    def _words(self) -> tuple[str, str, str]:
        if self.denied:
            # The action as AWS names it where it does; its API's name otherwise.
            named = ACTION.search(self.message)
            action = named[1] if named else self.operation_name
            then = "use credentials that may, or have this action allowed"
            return f"these AWS credentials may not do {action}", self.message, then
        for codes, what, then in KNOWN:
            if self.code in codes:
                return what.format(operation=self.operation_name), self.message, then
        return f"AWS refused {self.operation_name}", f"{self.code}: {self.message}", ""


def translated(error: BotoCoreError | ClientError) -> AwsError:
    """The error of ours that stands for one of botocore's."""
    if isinstance(error, ClientError):
        return RefusedError(error)
    if isinstance(error, STALE):
        return AwsError("the sign-in to AWS has expired", why=str(error), then=SIGN_IN)
    if isinstance(error, NO_CREDENTIALS):
        return AwsError("there are no AWS credentials", why=str(error), then=SIGN_IN)
    if isinstance(error, boto.InvalidRegionError | boto.NoRegionError):
        return AwsError("invalid AWS region", why=str(error), then="correct region in pipeline.toml")
    if isinstance(error, NO_ANSWER):
        return AwsError(
            "AWS cannot be reached",
            why=str(error),
            then="check the network, the region in pipeline.toml, and AWS_ENDPOINT_URL if it is set",
            passing=True,
        )
    return AwsError("the AWS client failed", why=str(error))
