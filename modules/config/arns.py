"""Builds ARNs, checks those in pipeline.toml, and reads their region and account.

constructs_lib/arn.py does the same for constructs. Neither imports the other: constructs_lib must stay usable
on its own, and importing the settings must not load jsii.
"""

from typing import NamedTuple

from modules.config.rules import SettingsRule, matching

_HERE = r"[a-z0-9-]+:[0-9]{12}"
_UUID = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_KEY_ID = r"[0-9a-f]{8}-[0-9a-f]{4}-[1-5][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}|mrk-[0-9a-f]{32}"
"""As the AWS provider checks it (internal/service/kms/validate.go); mrk- begins multi-Region keys."""
_IAM_PATH = r"[A-Za-z0-9_+=,.@/-]+"


PARTITION = "aws"


def arn(service: str, resource: str, *, region: str = "", account: str = "") -> str:
    """Return the ARN of a resource; leave out region or account where the service's ARNs have none."""
    return f"arn:{PARTITION}:{service}:{region}:{account}:{resource}"


class ArnPlace(NamedTuple):
    """The region and the account in an ARN; empty if it has none."""

    region: str
    account: str


def place(arn: str) -> ArnPlace:
    """Return the region and account of an ARN."""
    _, _, _, region, account, _ = arn.split(":", 5)
    return ArnPlace(region, account)


def load_balancer(listener: str) -> str:
    """Return the name of the load balancer in the ARN of its listener; "" without an ARN."""
    return listener.split("/")[2] if listener else ""


def _arn(pattern: str, what: str, example: str) -> SettingsRule[str]:
    return matching(
        f"arn:{PARTITION}:{pattern}", f"must be the ARN of {what}, such as arn:{PARTITION}:{example}"
    )


CERTIFICATE = _arn(
    rf"acm:{_HERE}:certificate/{_UUID}",
    "an ACM certificate",
    "acm:<region>:<account>:certificate/<id>",
)
LISTENER = _arn(
    rf"elasticloadbalancing:{_HERE}:listener/app/[A-Za-z0-9-]{{1,32}}/[0-9a-f]{{16}}/[0-9a-f]{{16}}",
    "a listener of an Application Load Balancer",
    "elasticloadbalancing:<region>:<account>:listener/app/<name>/<id>/<id>",
)
CONNECTION = _arn(
    rf"(codeconnections|codestar-connections):{_HERE}:connection/{_UUID}",
    "a connection",
    "codeconnections:<region>:<account>:connection/<id>",
)
TOPIC = _arn(
    rf"sns:{_HERE}:[A-Za-z0-9_-]{{1,256}}",
    "an SNS topic",
    "sns:<region>:<account>:<name>",
)
KEY = _arn(
    rf"kms:{_HERE}:key/({_KEY_ID})",
    "a KMS key, not of an alias",
    "kms:<region>:<account>:key/<id>",
)
BOUNDARY = _arn(
    rf"iam::([0-9]{{12}}|aws):policy/{_IAM_PATH}", "an IAM policy", "iam::<account>:policy/<name>"
)
OIDC_PROVIDER = _arn(
    r"iam::[0-9]{12}:oidc-provider/token\.actions\.githubusercontent\.com",
    "GitHub's OIDC provider",
    "iam::<account>:oidc-provider/token.actions.githubusercontent.com",
)
ADMINISTRATOR = _arn(
    r"iam::[0-9]{12}:(role|user)/[A-Za-z0-9_+=,.@/*?-]+",
    "an IAM role or user, * and ? allowed in its name",
    "iam::<account>:role/<name>",
)
