"""Reads certificates of ACM, and which names they cover."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from slipway.aws.clients import Aws
from slipway.aws.errors import AwsError

IAM = ":server-certificate/"
"""What the ARN of a server certificate of IAM has: its names are only in the certificate itself."""


@dataclass(frozen=True)
class AcmCertificate:
    """A certificate of ACM. names: its domain names, also with ``*.``. expires: None if it is not issued."""

    arn: str
    names: tuple[str, ...]
    status: str
    expires: datetime | None = None

    def covers(self, host: str) -> bool:
        """Whether it is for a host name, or for those that a pattern such as ``*-a.example.com`` fits.

        A wildcard in a certificate stands for exactly one label (RFC 9525, section 6.3).
        """
        label, _, rest = host.lower().partition(".")
        return bool(label) and any(name.lower() in (host.lower(), f"*.{rest}") for name in self.names)

    def unusable(self, now: datetime) -> str:
        """Why clients would not accept it; "" if they do."""
        if self.expires and self.expires <= now:
            return f"expired on {self.expires.astimezone(UTC):%Y-%m-%d}"
        return "" if self.status == "ISSUED" else f"is {self.status}"


def certificate(aws: Aws, arn: str) -> AcmCertificate | None:
    """The certificate with an ARN; None if there is none."""
    acm: Any = aws.client("acm")  # no type stubs are installed for it
    try:
        found = acm.describe_certificate(CertificateArn=arn)["Certificate"]
    except AwsError as error:
        if error.code == "ResourceNotFoundException":
            return None
        raise
    names = dict.fromkeys((found["DomainName"], *found.get("SubjectAlternativeNames", ())))
    return AcmCertificate(arn, tuple(names), found["Status"], found.get("NotAfter"))


def of_listener(aws: Aws, listener: str) -> Iterator[str]:
    """The ARNs of a listener's certificates, the default one first; those of IAM too. listener: its ARN."""
    pages = aws.elbv2.get_paginator("describe_listener_certificates").paginate(ListenerArn=listener)
    found = [entry for page in pages for entry in page["Certificates"]]
    default_first = sorted(found, key=lambda entry: not entry.get("IsDefault"))
    yield from dict.fromkeys(entry.get("CertificateArn", "") for entry in default_first)
