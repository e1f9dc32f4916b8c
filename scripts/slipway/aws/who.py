"""Who somebody is, in the short name that people know them by."""

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_sts.client import STSClient


def caller(sts: "STSClient") -> str:
    """Whose credentials these are."""
    return name_in(sts.get_caller_identity()["Arn"])


def name_in(arn: str) -> str:
    """The user, or the session of a role, that an ARN names.

    >>> name_in("arn:aws:sts::123456789012:assumed-role/operator/anna@example.com")
    'anna@example.com'
    >>> name_in("arn:aws:iam::123456789012:root")
    'root'
    """
    return re.split("[/:]", arn)[-1]
