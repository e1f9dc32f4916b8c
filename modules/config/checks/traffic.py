"""How requests reach an environment: one way in, by a certificate that fits."""

from collections.abc import Callable, Iterator

from modules.config import arns
from modules.config.problems import Finding
from modules.config.settings import Environment, PipelineSettings


def _one_way_in(_: PipelineSettings, environment: Environment) -> Iterator[Finding]:
    ways = {
        "certificate_arn": environment.certificate_arn is not None,
        "domain": environment.domain is not None or environment.hosted_zone is not None,
        "plain_http = true": environment.plain_http,
    }
    chosen = [way for way, taken in ways.items() if taken]
    if len(chosen) != 1:
        found = " and ".join(chosen) if chosen else "none"
        yield (
            (),
            f"must have one of certificate_arn, domain with hosted_zone, plain_http = true; it has {found}",
        )


def _domain(_: PipelineSettings, environment: Environment) -> Iterator[Finding]:
    domain, zone = environment.domain, environment.hosted_zone
    if domain is not None and zone is None:
        yield ("domain",), "needs hosted_zone too: the Route 53 zone that it lies in"
    elif domain is None and zone is not None:
        yield ("hosted_zone",), f'needs domain too: the service\'s name in it, such as "my-app.{zone}"'
    elif domain is not None and domain != zone and not domain.endswith(f".{zone}"):
        yield ("domain",), f'must lie within hosted_zone, such as "my-app.{zone}"'


def _certificate(pipeline: PipelineSettings, environment: Environment) -> Iterator[Finding]:
    if environment.certificate_arn is None:
        return
    here = (environment.region or pipeline.region, environment.account or pipeline.account)
    if arns.place(environment.certificate_arn) != here:
        yield (
            ("certificate_arn",),
            (
                f"must be of the environment's region and account, {here[0]} and {here[1]}:"
                " the load balancer takes no other"
            ),
        )


def _same_domain(one: Environment, other: Environment, called: str) -> Iterator[Finding]:
    if one.domain is not None and one.domain == other.domain:
        yield ("domain",), f"is the domain of {called} already: each needs its own"


ENVIRONMENT: tuple[Callable[[PipelineSettings, Environment], Iterator[Finding]], ...] = (
    _one_way_in,
    _domain,
    _certificate,
)
NEIGHBOURS: tuple[Callable[[Environment, Environment, str], Iterator[Finding]], ...] = (_same_domain,)
