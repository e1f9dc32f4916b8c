"""Checks on the requests that a service gets from a load balancer that exists, among those of others."""

from collections.abc import Callable, Iterator

from modules.config import arns
from modules.config.conditions import ALL, RuleConditions, conditions, host_names
from modules.config.problems import Finding
from modules.config.settings import Environment, ExistingLoadBalancer, PipelineSettings

MOST_CONDITIONS = 5
"""docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html: values per rule."""


def _requests(_: PipelineSettings, environment: Environment) -> Iterator[Finding]:
    balancer = environment.existing_load_balancer
    if balancer is None:
        return
    values = len(host_names(environment, balancer)) + len(balancer.paths or ())
    if values == 0:
        yield (
            ("load_balancer", "host_names"),
            'is missing; add host_names = ["my-app.example.com"], paths, or domain with hosted_zone',
        )
    if values > MOST_CONDITIONS:
        yield (
            ("load_balancer",),
            f"has {values} host names and paths, but a rule can have {MOST_CONDITIONS}: remove some",
        )


def _order(_: PipelineSettings, environment: Environment) -> Iterator[Finding]:
    balancer = environment.load_balancer
    if balancer and balancer.paths and balancer.priority is None:
        yield (
            ("load_balancer", "priority"),
            "is missing; paths can overlap with other rules, so their order must be set: add priority = 100",
        )


def _domain(_: PipelineSettings, environment: Environment) -> Iterator[Finding]:
    balancer, domain = environment.existing_load_balancer, environment.domain
    if not (balancer and balancer.host_names and domain):
        return
    if not RuleConditions((domain,), ()).taken_by(RuleConditions(balancer.host_names, ())):
        yield (
            ("load_balancer", "host_names"),
            (
                f"must include domain, {domain}: its DNS record leads to this load balancer, whose rule would"
                " not match; add it, or remove domain and hosted_zone"
            ),
        )


def _beside_the_platform(pipeline: PipelineSettings, environment: Environment) -> Iterator[Finding]:
    own, balancer = pipeline.own_platform(environment), environment.existing_load_balancer
    if not (own and balancer and own.domain) or own.name == environment.name:
        return
    ours = conditions(environment, balancer)
    # Its domain is no other's, whatever the paths; a rule without host names may have some of the paths.
    rule = RuleConditions(ours.host_names, () if ours.host_names else ours.paths)
    if (rule.host_names or rule.paths) and RuleConditions((own.domain,), ()).taken_by(rule):
        yield (
            _key(ours),
            f"has the requests for {own.domain}, the domain of {own.name}: {_other(ours)}",
        )


def _same_priority(one: Environment, other: Environment, called: str) -> Iterator[Finding]:
    a, b = one.existing_load_balancer, other.existing_load_balancer
    if a and b and _is_same(a, b) and a.priority and a.priority == b.priority:
        yield ("load_balancer", "priority"), f"is already the priority of {called}: choose another number"


def _same_requests(one: Environment, other: Environment, called: str) -> Iterator[Finding]:
    """Requests of one environment that the rule of the other gets, or may get."""
    a, b = one.existing_load_balancer, other.existing_load_balancer
    if not (a and b and _is_same(a, b)) or (a.priority and a.priority == b.priority):
        return
    ours, theirs = conditions(one, a), conditions(other, b)
    lost, taken = ours.taken_by(theirs), theirs.taken_by(ours)
    # A rule without a number comes after those that exist already: which, depends on what is applied first.
    unsure = not (a.priority and b.priority)
    then = _other(ours) + (", or set priority for both" if unsure and not (lost and taken) else "")
    if lost and (unsure or (a.priority or 0) > (b.priority or 0)):
        yield _key(ours), f"has {_named(lost)}, whose requests {called} gets: {then}"
    elif taken and (unsure or (a.priority or 0) < (b.priority or 0)):
        yield _key(ours), f"has the requests for {_named(taken)} of {called}: {then}"


def _same_certificate(one: Environment, other: Environment, called: str) -> Iterator[Finding]:
    """A certificate that two environments would add to a listener: destroying one would remove it."""
    a, b, arn = one.existing_load_balancer, other.existing_load_balancer, one.certificate_arn
    if a and b and _is_same(a, b) and arn and arn == other.certificate_arn:
        yield (
            ("certificate_arn",),
            (
                f"is already added to the listener by {called}, and destroying one would remove it for both:"
                " remove it from both, and let the listener's owner add it"
            ),
        )


def _is_same(a: ExistingLoadBalancer, b: ExistingLoadBalancer) -> bool:
    """Whether two are one load balancer, as far as its name or the ARN of its listener says so."""
    if a.listener and b.listener:
        return a.listener == b.listener
    names = [one.name or arns.load_balancer(one.listener or "") for one in (a, b)]
    return bool(names[0]) and names[0] == names[1]


def _key(rule: RuleConditions) -> tuple[str, str]:
    return "load_balancer", "host_names" if rule.host_names else "paths"


def _named(names: list[str]) -> str:
    return "every host name" if names[0] == ALL else names[0]


def _other(rule: RuleConditions) -> str:
    return "choose another name" if rule.host_names else "choose other paths"


ENVIRONMENT: tuple[Callable[[PipelineSettings, Environment], Iterator[Finding]], ...] = (
    _requests,
    _order,
    _domain,
    _beside_the_platform,
)
NEIGHBOURS: tuple[Callable[[Environment, Environment, str], Iterator[Finding]], ...] = (
    _same_priority,
    _same_requests,
    _same_certificate,
)
