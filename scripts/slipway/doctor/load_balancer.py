"""Checks of load balancers that exist already: the listener, its rules, and what they would do to ours."""

from collections.abc import Iterator
from fnmatch import fnmatchcase

from modules.config.conditions import host_names
from modules.config.settings import Environment, ExistingLoadBalancer
from slipway.aws import load_balancers
from slipway.aws.clients import Aws
from slipway.aws.load_balancers import ExistingListener, ListenerRule
from slipway.checkout.project import Project
from slipway.doctor import certificates
from slipway.doctor.check import Check, later, ok, todo
from slipway.doctor.network import unapplied

MODERN = ("ELBSecurityPolicy-TLS13-1-2", "ELBSecurityPolicy-TLS13-1-3", "ELBSecurityPolicy-FS-1-2")
"""How the names of TLS policies begin that refuse TLS 1.0 and 1.1
(docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html)."""
MOST_RULES = 100
"""The default quota of rules per load balancer."""


def existing(found: Project, aws: Aws) -> Iterator[Check]:
    """Check that the load balancers that environments name exist, and that they can get a rule."""
    for environment, names in zip(found.settings.environments, found.names.environments, strict=True):
        if balancer := environment.existing_load_balancer:
            listener = load_balancers.listener(aws, balancer)
            if listener is None and found.settings.own_platform(environment):
                yield unapplied("load balancer", environment)
            elif listener is None:
                yield todo(
                    "load balancer",
                    f"{environment.name}: there is no listener {balancer.listener}"
                    if balancer.listener
                    else f"{environment.name}: there is no load balancer {balancer.name} with a listener on"
                    f" port {load_balancers.HTTPS_PORT}",
                    then=f"correct [environments.load_balancer] of {environment.name} in pipeline.toml",
                )
            else:
                yield from _listener(environment, balancer, listener)
                yield from _rules(environment, balancer, listener, names.target_group)
                if listener.protocol == "HTTPS":
                    yield from certificates.on_listener(aws, environment, balancer, listener)


def _listener(
    environment: Environment, balancer: ExistingLoadBalancer, listener: ExistingListener
) -> Iterator[Check]:
    name = environment.name
    if listener.protocol != "HTTPS":
        yield todo(
            "load balancer",
            f"{name}: the listener of {listener.load_balancer} is {listener.protocol}, not HTTPS",
            then="name its HTTPS listener",
        )
    elif not listener.tls_policy.startswith(MODERN):
        yield later(
            "load balancer",
            f"{name}: the listener of {listener.load_balancer} has the TLS policy {listener.tls_policy},"
            " which may allow TLS 1.0 or 1.1",
            then="ask its owner for a policy that begins with ELBSecurityPolicy-TLS13-1-2",
        )
    else:
        yield ok("load balancer", f"{name}: {listener.load_balancer}, HTTPS, {listener.tls_policy}")
    if balancer.security_group and balancer.security_group not in listener.security_groups:
        yield todo(
            "load balancer",
            f"{name}: {listener.load_balancer} does not have the security group {balancer.security_group}",
            then=f"name one of its own: {', '.join(listener.security_groups)}",
        )


def _rules(
    environment: Environment, balancer: ExistingLoadBalancer, listener: ExistingListener, own: str
) -> Iterator[Check]:
    """Check that no other rule has the priority, and that none gets the service's requests before it."""
    name = environment.name
    others = [rule for rule in listener.rules if own not in rule.targets]
    taken = {rule.priority for rule in others}
    if balancer.priority in taken:
        free = next(number for number in range(balancer.priority or 1, 50_001) if number not in taken)
        yield todo(
            "load balancer",
            f"{name}: another rule of {listener.load_balancer} has the priority {balancer.priority}",
            then=f"choose another, such as priority = {free}",
        )
    for rule in others:
        if _comes_first(rule, balancer) and (names := _shared(rule, environment, balancer)):
            yield todo(
                "load balancer",
                f"{name}: the rule {rule.priority} of {listener.load_balancer} gets the requests for"
                f" {', '.join(names)} before this service does",
                why=f"it forwards to {', '.join(rule.targets)}" if rule.targets else "",
                then="choose other host names, or a lower priority",
            )
    if len(listener.rules) >= MOST_RULES and len(others) == len(listener.rules):
        yield later(
            "load balancer",
            f"{name}: {listener.load_balancer} has {len(listener.rules)} rules; the default quota is"
            f" {MOST_RULES}",
            then="request a larger quota of rules per Application Load Balancer",
        )


def _comes_first(rule: ListenerRule, balancer: ExistingLoadBalancer) -> bool:
    """Whether a rule is tried before the service's, which gets the next free number unless it has one."""
    return balancer.priority is None or rule.priority < balancer.priority


def _shared(rule: ListenerRule, environment: Environment, balancer: ExistingLoadBalancer) -> list[str]:
    """The host names of the service all of whose requests match a rule: one for certain paths does not."""
    wanted = host_names(environment, balancer) or ("*",)
    patterns = rule.host_names or ("*",)
    matched = [host for host in wanted if any(fnmatchcase(host, pattern) for pattern in patterns)]
    covers = not rule.paths or any(
        fnmatchcase(path, pattern) for path in balancer.paths or ("/*",) for pattern in rule.paths
    )
    return matched if covers else []
