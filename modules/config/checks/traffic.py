"""Checks on how requests reach an environment: exactly one way, with a matching certificate."""

from collections.abc import Callable, Iterator

from modules.config import arns
from modules.config.problems import Finding
from modules.config.settings import Environment, PipelineSettings

USUAL_RULES = 60
"""The default quota of rules per security group."""
MOST_RULES = 1000
"""docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html: rules times groups of an interface."""


def _one_way_in(_: PipelineSettings, environment: Environment) -> Iterator[Finding]:
    ways = {
        "certificate_arn": environment.certificate_arn is not None,
        "domain": environment.domain is not None or environment.hosted_zone is not None,
        "plain_http = true": environment.plain_http,
    }
    chosen = [way for way, taken in ways.items() if taken]
    if environment.existing_load_balancer and len(chosen) < 2:
        return  # its listener has a certificate already
    if len(chosen) != 1:
        found = " and ".join(chosen) if chosen else "none"
        yield (
            (),
            f"must have one of certificate_arn, domain with hosted_zone, plain_http = true; it has {found}",
        )


def _domain(_: PipelineSettings, environment: Environment) -> Iterator[Finding]:
    domain, zone = environment.domain, environment.hosted_zone
    if domain is not None and zone is None:
        yield ("domain",), "also needs hosted_zone: the Route 53 zone that contains it"
    elif domain is None and zone is not None:
        yield (
            ("hosted_zone",),
            f'also needs domain: the service\'s name in this zone, such as "my-app.{zone}"',
        )
    elif domain is not None and domain != zone and not domain.endswith(f".{zone}"):
        yield ("domain",), f'must be within hosted_zone, such as "my-app.{zone}"'


def _certificate(pipeline: PipelineSettings, environment: Environment) -> Iterator[Finding]:
    if environment.certificate_arn is None:
        return
    here = (environment.region or pipeline.region, environment.account or pipeline.account)
    if arns.place(environment.certificate_arn) != here:
        yield (
            ("certificate_arn",),
            (
                f"must be of the environment's region and account, {here[0]} and {here[1]}:"
                " the load balancer cannot use any other"
            ),
        )


def rules(environment: Environment) -> int:
    """Return the number of the load balancer's ingress rules; with HTTPS, port 80 is open as well."""
    if environment.existing_load_balancer:
        return 0
    ports = 1 if environment.certificate_arn is None and environment.domain is None else 2
    return ports * len(environment.allowed_cidrs)


def _rules(_: PipelineSettings, environment: Environment) -> Iterator[Finding]:
    if (count := rules(environment)) > MOST_RULES:
        yield (
            ("allowed_cidrs",),
            (
                f"makes {count} rules, but a load balancer's security groups allow {MOST_RULES}, whatever the"
                " quota: use wider ranges"
            ),
        )


def _same_domain(one: Environment, other: Environment, called: str) -> Iterator[Finding]:
    if one.domain is not None and one.domain == other.domain:
        yield ("domain",), f"is already the domain of {called}: choose another name"


ENVIRONMENT: tuple[Callable[[PipelineSettings, Environment], Iterator[Finding]], ...] = (
    _one_way_in,
    _domain,
    _certificate,
    _rules,
)
NEIGHBOURS: tuple[Callable[[Environment, Environment, str], Iterator[Finding]], ...] = (_same_domain,)
