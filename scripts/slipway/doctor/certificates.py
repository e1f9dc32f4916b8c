"""Checks of certificates that exist already: whether clients accept them for the service's host names."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from modules.config.conditions import host_names
from modules.config.settings import Environment, ExistingLoadBalancer
from slipway.aws import certificates
from slipway.aws.certificates import AcmCertificate
from slipway.aws.clients import Aws
from slipway.aws.load_balancers import ExistingListener
from slipway.checkout.project import Project
from slipway.doctor.check import Check, later, ok, todo

MOST_CERTIFICATES = 25
"""The default quota of certificates per load balancer, besides the default ones
(docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html)."""


def named(found: Project, aws: Aws) -> Iterator[Check]:
    """Check the certificates that environments name for the load balancers that are created for them."""
    for environment in found.settings.environments:
        if environment.existing_load_balancer is None and environment.certificate_arn:
            own, problems = _own(aws, environment, environment.certificate_arn)
            yield from problems
            if own and not problems:
                yield ok(
                    "domain", f"{environment.name}: the certificate for {', '.join(own.names)} is issued"
                )


def on_listener(
    aws: Aws, environment: Environment, balancer: ExistingLoadBalancer, listener: ExistingListener
) -> Iterator[Check]:
    """Check that each host name is covered: by a certificate of the service's own, or one of the listener."""
    own = None
    if environment.certificate_arn:
        own, problems = _own(aws, environment, environment.certificate_arn)
        yield from problems
    hosts = host_names(environment, balancer)
    open_names = [host for host in hosts if host != environment.domain and not (own and own.covers(host))]
    if open_names:
        yield from _of_the_listener(aws, environment, open_names, listener)
    elif hosts:
        yield ok("load balancer", f"{environment.name}: its own certificate covers {', '.join(hosts)}")


def to_add(
    aws: Aws, environment: Environment, listener: ExistingListener, target_group: str
) -> Iterator[Check]:
    """Check that the service's own certificate can be added to a listener, and is not there already.

    target_group: the service's; once the listener forwards to it, the certificate is there.
    """
    if not (environment.certificate_arn or environment.domain):
        return
    if any(target_group in rule.targets for rule in listener.rules):
        return
    name, balancer = environment.name, listener.load_balancer
    added = [*certificates.of_listener(aws, listener.arn)][1:]  # without the default one
    if environment.certificate_arn in added:
        yield todo(
            "load balancer",
            f"{name}: {balancer} has the certificate {environment.certificate_arn} already",
            why="the stack would add it again, and slipway destroy would remove it for all services",
            then=f"remove certificate_arn of {name} from pipeline.toml",
        )
    elif len(added) >= MOST_CERTIFICATES:
        yield later(
            "load balancer",
            f"{name}: {balancer} has {len(added)} certificates besides its default one; the default quota is"
            f" {MOST_CERTIFICATES}",
            then="request a larger quota of certificates per Application Load Balancer",
        )


def _own(aws: Aws, environment: Environment, arn: str) -> tuple[AcmCertificate | None, tuple[Check, ...]]:
    """The certificate that an environment names, and what prevents its use."""
    where = f"{environment.name}: the certificate {arn}"
    own = certificates.certificate(aws, arn)
    if own is None:
        then = f"correct certificate_arn of {environment.name} in pipeline.toml"
        return None, (todo("domain", f"{where} does not exist", then=then),)
    if reason := own.unusable(datetime.now(UTC)):
        return own, (todo("domain", f"{where} {reason}", then=_mended(own)),)
    return own, ()


def _of_the_listener(
    aws: Aws, environment: Environment, hosts: Sequence[str], listener: ExistingListener
) -> Iterator[Check]:
    """Check that certificates of the listener cover host names."""
    name, balancer = environment.name, listener.load_balancer
    found = _Coverage.read(aws, hosts, listener)
    uncovered = list(found.uncovered)
    if not uncovered:
        yield ok("load balancer", f"{name}: certificates of {balancer} cover {', '.join(hosts)}")
    for bad in found.unusable:
        if covered := [host for host in uncovered if bad.covers(host)]:
            reason = bad.unusable(datetime.now(UTC))
            yield todo(
                "load balancer",
                f"{name}: the certificate of {balancer} for {', '.join(covered)} {reason}",
                why=bad.arn,
                then=f"ask its owner. {_mended(bad)}",
            )
            uncovered = [host for host in uncovered if host not in covered]
    if uncovered and found.unread:
        yield later(
            "load balancer",
            f"{name}: whether {balancer} has a certificate for {', '.join(uncovered)} is not checked: it has"
            f" server certificates of IAM ({', '.join(found.unread)}), whose names AWS does not return",
            then="ask its owner for their names",
        )
    elif uncovered:
        yield todo(
            "load balancer",
            f"{name}: no certificate of {balancer} covers {', '.join(uncovered)}: clients would refuse it",
            then="ask its owner to add one to the listener, or set certificate_arn, or domain and"
            f" hosted_zone, for {name} in pipeline.toml",
        )


@dataclass(frozen=True)
class _Coverage:
    """What a listener's certificates do for host names.

    uncovered: the names for which clients accept none. unusable: certificates for some of these that clients
    do not accept. unread: server certificates of IAM.
    """

    uncovered: tuple[str, ...]
    unusable: tuple[AcmCertificate, ...]
    unread: tuple[str, ...]

    @classmethod
    def read(cls, aws: Aws, hosts: Sequence[str], listener: ExistingListener) -> "_Coverage":
        """Read certificates until all names are covered."""
        uncovered, unusable, unread = list(hosts), list[AcmCertificate](), list[str]()
        for arn in certificates.of_listener(aws, listener.arn):
            if not uncovered:
                break
            if certificates.IAM in arn:
                unread.append(arn.rpartition("/")[2])
            elif found := certificates.certificate(aws, arn):
                if found.unusable(datetime.now(UTC)):
                    unusable.append(found)
                else:
                    uncovered = [host for host in uncovered if not found.covers(host)]
        return cls(tuple(uncovered), tuple(unusable), tuple(unread))


def _mended(certificate: AcmCertificate) -> str:
    """How a certificate becomes one that clients accept."""
    if certificate.status == "PENDING_VALIDATION":
        return "Create the DNS records that ACM shows for it"
    return "Renew it or import it again under the same ARN; or use another, which is issued"
