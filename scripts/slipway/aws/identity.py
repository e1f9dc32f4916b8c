"""The account and ARN of credentials, and the short name in an ARN."""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Identity:
    """The account and the ARN that credentials belong to."""

    account: str
    arn: str

    @property
    def name(self) -> str:
        """The name of the user, or of the role's session."""
        return name_in(self.arn)


def name_in(arn: str) -> str:
    """The name of the user, or of the role's session, in an ARN.

    >>> name_in("arn:aws:sts::123456789012:assumed-role/operator/anna@example.com")
    'anna@example.com'
    >>> name_in("arn:aws:iam::123456789012:root")
    'root'
    """
    return re.split("[/:]", arn)[-1]
