"""Whether clients accept a certificate for the service's host names: the listener's, or the service's own."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from slipway.aws.certificates import AcmCertificate
from slipway.doctor import certificates, load_balancer
from tests.settings import one_environment
from tests.slipway.doctor.balancers import VALIDATION, balanced, listener_of, settings
from tests.slipway.doctor.test_account import Here, of

ARN = "arn:aws:acm:eu-central-1:123456789012:certificate/12345678-90ab-cdef-1234-567890abcdef"
GONE = ARN.replace("12345678-90", "00000000-90")
IAM = "arn:aws:iam::123456789012:server-certificate/team/web-2024"
NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def here() -> Iterator[Here]:
    with balanced() as made:
        yield made


def requested(here: Here, *names: str) -> str:
    """Request a certificate, which is issued at once."""
    acm: Any = here.world.aws.client("acm")
    made = acm.request_certificate(DomainName=names[0], SubjectAlternativeNames=list(names))
    return str(made["CertificateArn"])


def add(here: Here, *arns: str) -> None:
    """Add certificates to the listener."""
    here.world.aws.elbv2.add_listener_certificates(
        ListenerArn=listener_of(here.world.aws), Certificates=[{"CertificateArn": arn} for arn in arns]
    )


def problems(here: Here, *hosts: str, certificate: str | None = None) -> list[tuple[str, str]]:
    """What is said of certificates that does not pass, for a service with these host names."""
    named = settings(host_names=list(hosts))
    if certificate:
        own = named.environments[0].model_copy(update={"certificate_arn": certificate})
        named = named.model_copy(update={"environments": (own,)})
    made = load_balancer.existing(of(named, here.world), here.world.aws)
    return [(check.state, check.what) for check in made if check.state != "ok"]


def test_a_wildcard_covers_one_label() -> None:
    names = "a.example.com A.Example.com a.b.example.com example.com .example.com *.example.com"
    hosts = [*names.split(), "*-api.example.com", "a.example.org"]

    def covered(*names: str) -> list[str]:
        return [host for host in hosts if AcmCertificate(ARN, names, "ISSUED").covers(host)]

    assert covered("other.example.net", "a.example.COM") == ["a.example.com", "A.Example.com"]
    wildcard = ["a.example.com", "A.Example.com", "*.example.com", "*-api.example.com"]
    assert covered("*.example.com") == wildcard
    assert covered("*.example.com", "example.com") == [*wildcard[:2], "example.com", *wildcard[2:]]


@pytest.mark.parametrize(
    ("status", "expires", "reason"),
    [
        ("ISSUED", NOW + timedelta(seconds=1), ""),
        ("ISSUED", None, ""),
        ("ISSUED", NOW, "expired on 2026-01-01"),
        ("REVOKED", NOW + timedelta(days=1), "is REVOKED"),
        ("PENDING_VALIDATION", None, "is PENDING_VALIDATION"),
    ],
)
def test_only_what_is_issued_and_not_expired_is_accepted(
    status: str, expires: datetime | None, reason: str
) -> None:
    assert AcmCertificate(ARN, ("a.example.com",), status, expires).unusable(NOW) == reason


def test_a_host_name_that_no_certificate_covers(here: Here) -> None:
    wanted = ("a.example.com", "shop.example.org")

    [(state, what)] = problems(here, *wanted)
    assert state == "todo"
    assert what == "staging: no certificate of shared covers shop.example.org: clients would refuse it"

    add(here, *(requested(here, f"{number}.example.net") for number in range(3)), requested(here, wanted[1]))
    assert problems(here, *wanted) == []


def test_the_services_own_certificate_covers_it(here: Here) -> None:
    own = requested(here, "shop.example.org")

    assert problems(here, "shop.example.org", certificate=own) == []
    [(_, what)] = problems(here, "shop.example.org", "cart.example.org", certificate=own)
    assert "no certificate of shared covers cart.example.org" in what


def test_a_certificate_that_is_not_there_or_not_issued(
    here: Here,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    own = requested(here, "shop.example.org")
    monkeypatch.setattr(VALIDATION, 60)
    pending = requested(here, "shop.example.org")

    [(_, gone), (_, uncovered)] = problems(here, "shop.example.org", certificate=GONE)
    assert gone == f"staging: the certificate {GONE} does not exist"
    assert "no certificate of shared covers shop.example.org" in uncovered
    [(state, what)] = problems(here, "shop.example.org", certificate=pending)
    assert (state, what) == ("todo", f"staging: the certificate {pending} is PENDING_VALIDATION")

    add(here, pending)
    [(_, what)] = problems(here, "shop.example.org")
    assert what == "staging: the certificate of shared for shop.example.org is PENDING_VALIDATION"
    monkeypatch.setattr(VALIDATION, 0)
    add(here, own)
    assert problems(here, "shop.example.org") == []


def test_the_names_of_a_server_certificate_of_iam_are_not_known(here: Here) -> None:
    add(here, IAM)

    [(state, what)] = problems(here, "shop.example.org")
    assert state == "later"
    assert "has a certificate for shop.example.org is not checked" in what
    assert "server certificates of IAM (web-2024)" in what


def test_the_certificate_of_a_load_balancer_of_its_own(here: Here) -> None:
    def checks(arn: str) -> Iterator[tuple[str, str]]:
        project = of(one_environment(certificate_arn=arn), here.world)
        return ((check.state, check.what) for check in certificates.named(project, here.world.aws))

    issued = requested(here, "shop.example.org", "*.shop.example.org")
    assert [*checks(issued)] == [
        ("ok", "staging: the certificate for shop.example.org, *.shop.example.org is issued")
    ]
    assert [*checks(GONE)] == [("todo", f"staging: the certificate {GONE} does not exist")]
