"""Whose credentials these are, and the short name that people know somebody by."""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Identity:
    """The account and the ARN that credentials belong to."""

    account: str
    arn: str

    @property
    def name(self) -> str:
        """The user, or the session of a role."""
        return name_in(self.arn)


def name_in(arn: str) -> str:
    """The user, or the session of a role, that an ARN names.

    >>> name_in("arn:aws:sts::123456789012:assumed-role/operator/anna@example.com")
    'anna@example.com'
    >>> name_in("arn:aws:iam::123456789012:root")
    'root'
    """
    return re.split("[/:]", arn)[-1]
