"""Certificates that the account has already: moto cannot be asked to make one under a given ARN."""

from collections.abc import Iterable

from moto.acm.models import CertBundle, acm_backends


def install(arns: Iterable[str]) -> None:
    """Puts a self-signed certificate under each ARN, in the account and region that the ARN names."""
    for arn in arns:
        _, _, _, region, account, _ = arn.split(":", 5)
        certificate = CertBundle.generate_cert("certificate.invalid", account_id=account, region=region)
        certificate.arn = arn
        certificate.status = "ISSUED"
        acm_backends[account][region]._certificates[arn] = certificate  # moto has no public way
