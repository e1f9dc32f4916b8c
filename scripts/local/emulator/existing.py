"""Adds certificates and connections with given ARNs to the emulated account; no API of AWS can do that."""

from collections.abc import Iterable

from moto.acm.models import CertBundle, acm_backends

from local.emulator.gaps.connections import connections_of


def install(arns: Iterable[str]) -> None:
    """Adds a resource for each ARN to its account and region.

    arns: of certificates, which are self-signed and issued, and of connections, which are AVAILABLE.
    Raises ValueError for anything else.
    """
    for arn in arns:
        match arn.split(":", 5):
            case [_, _, "acm", region, account, _]:
                _install_certificate(arn, region, account)
            case [_, _, "codeconnections" | "codestar-connections", _, account, _]:
                connections_of(account).install(arn)
            case _:
                raise ValueError(f"not a certificate or a connection: {arn}")


def _install_certificate(arn: str, region: str, account: str) -> None:
    certificate = CertBundle.generate_cert("certificate.invalid", account_id=account, region=region)
    certificate.arn = arn
    certificate.status = "ISSUED"
    acm_backends[account][region]._certificates[arn] = certificate  # moto has no public function for this
