"""AWS's and botocore's errors as AwsErrors: what happened, why, and what to do."""

import re

from botocore import exceptions as boto
from botocore.exceptions import BotoCoreError, ClientError

from slipway.console.errors import SlipwayError

SIGN_IN = "sign in (for example `aws sso login`) or set AWS_PROFILE, then run the command again"
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
        "AWS does not accept these credentials",
        f"{SIGN_IN}; this error also occurs if the region is not enabled in the account",
    ),
    (CLOCK, "this machine's clock is wrong", "set the clock, then run the command again"),
    (
        THROTTLED,
        "AWS request rate exceeded: {operation}",
        "wait a minute, then run the command again; it was retried several times already",
    ),
    (
        AILING,
        "AWS reports an internal error for {operation}",
        "run the command again; https://health.aws.amazon.com shows AWS's known problems",
    ),
)
"""AWS's error codes, what to say about them, and what to do."""
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
    """A call to AWS failed, for example without credentials, network or a valid region.

    passing: whether the same call may succeed if it is repeated. Default: False.
    """

    code = ""
    """AWS's error code, for example ``NoSuchBucket``; "" if AWS did not answer."""

    def __init__(self, what: str, *, why: str = "", then: str = "", passing: bool = False) -> None:
        super().__init__(what, why=why, then=then)
        self.passing = passing


class RefusedError(AwsError, ClientError):
    """AWS refused a call. It is a ClientError too, which boto3's waiters catch.

    code: AWS's error code. message: AWS's error message.
    """

    def __init__(self, error: ClientError) -> None:
        self.response, self.operation_name = error.response, error.operation_name
        self.code = str(error.response.get("Error", {}).get("Code", ""))
        self.message = str(error.response.get("Error", {}).get("Message", "")) or self.code
        what, why, then = self._words()
        AwsError.__init__(self, what, why=why, then=then, passing=self.code in THROTTLED | AILING)

    @property
    def denied(self) -> bool:
        """Whether the credentials lack a permission."""
        return self.code in DENIED

    def _words(self) -> tuple[str, str, str]:
        if self.denied:
            # The IAM action, if AWS's message names it; else the API operation.
            named = ACTION.search(self.message)
            action = named[1] if named else self.operation_name
            then = "use other credentials, or have this action allowed in their policy"
            return f"these AWS credentials have no permission for {action}", self.message, then
        for codes, what, then in KNOWN:
            if self.code in codes:
                return what.format(operation=self.operation_name), self.message, then
        return f"AWS refused {self.operation_name}", f"{self.code}: {self.message}", ""


def translated(error: BotoCoreError | ClientError) -> AwsError:
    """The AwsError for one of botocore's errors."""
    if isinstance(error, ClientError):
        return RefusedError(error)
    if isinstance(error, STALE):
        return AwsError("the sign-in to AWS has expired", why=str(error), then=SIGN_IN)
    if isinstance(error, NO_CREDENTIALS):
        return AwsError("no AWS credentials found", why=str(error), then=SIGN_IN)
    if isinstance(error, boto.InvalidRegionError | boto.NoRegionError):
        return AwsError("invalid AWS region", why=str(error), then="correct region in pipeline.toml")
    if isinstance(error, NO_ANSWER):
        return AwsError(
            "AWS cannot be reached",
            why=str(error),
            then="check the network, the region in pipeline.toml, and AWS_ENDPOINT_URL if it is set",
            passing=True,
        )
    return AwsError(
        "the AWS client failed", why=str(error), then="correct the problem, then run the command again"
    )
