"""Checks of load balancers that exist already: the listener, its rules, and what they would do to ours."""

from collections.abc import Iterator
from itertools import chain

from modules.config.conditions import ALL, conditions
from modules.config.settings import Environment, ExistingLoadBalancer
from slipway.aws import load_balancers, networks
from slipway.aws.clients import Aws
from slipway.aws.load_balancers import ExistingListener, ListenerRule
from slipway.checkout.project import Project
from slipway.doctor import certificates
from slipway.doctor.check import Check, later, ok, todo
from slipway.doctor.network import unapplied

MODERN = ("ELBSecurityPolicy-TLS13-1-2", "ELBSecurityPolicy-TLS13-1-3", "ELBSecurityPolicy-FS-1-2")
"""How the names of TLS policies begin that refuse TLS 1.0 and 1.1
(docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html)."""
HIGHEST = 50_000
"""The highest priority of a rule."""
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
                yield from _vpc(aws, environment, listener)
                yield from _way_to_hosts(aws, environment, balancer, found.settings.hosts.host_port)
                yield from _rules(environment, balancer, listener, names.target_group)
                if listener.protocol == "HTTPS":
                    yield from certificates.on_listener(aws, environment, balancer, listener)
                    yield from certificates.to_add(aws, environment, listener, names.target_group)


def _vpc(aws: Aws, environment: Environment, listener: ExistingListener) -> Iterator[Check]:
    """Check that the load balancer is in the environment's network, if that is found."""
    network = environment.existing_network
    found = networks.vpcs(aws, network.vpc, network.vpc_tags) if network else []
    for vpc in found if len(found) == 1 else ():
        if vpc != listener.vpc:
            what = (
                f"{environment.name}: {listener.load_balancer} is in {listener.vpc}, and the network is {vpc}"
            )
            then = f"name a load balancer of {vpc}, or the network of {listener.load_balancer}"
            yield todo("load balancer", what, then=then)


def _way_to_hosts(
    aws: Aws, environment: Environment, balancer: ExistingLoadBalancer, port: int
) -> Iterator[Check]:
    """Check that the load balancer may connect to hosts, if its group gets no rule for that."""
    group = balancer.security_group
    if group and not balancer.egress_rule and not networks.lets_out(aws, group, port):
        yield todo(
            "load balancer",
            f"{environment.name}: {group} lets nothing out to port {port}, so no host would become healthy",
            then="ask its owner for a rule that lets it connect to the hosts, or remove egress_rule = false",
        )


def _listener(
    environment: Environment, balancer: ExistingLoadBalancer, listener: ExistingListener
) -> Iterator[Check]:
    name = environment.name
    if listener.kind != "application":
        yield todo(
            "load balancer",
            f"{name}: {listener.load_balancer} is of the type {listener.kind}",
            then="name an Application Load Balancer",
        )
    elif listener.protocol != "HTTPS":
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
        yield todo(
            "load balancer",
            f"{name}: another rule of {listener.load_balancer} has the priority {balancer.priority}",
            then=f"choose another, such as priority = {_free(taken, balancer.priority or 1)}",
        )
    # Without a number it gets one after all that exist, and keeps it.
    number = balancer.priority or min(
        (rule.priority for rule in listener.rules if rule not in others), default=None
    )
    if number is None and HIGHEST in taken:
        yield todo(
            "load balancer",
            f"{name}: {listener.load_balancer} has a rule {HIGHEST}, after which Terraform can add none",
            why="a rule without priority gets the number after the highest one",
            then=f"set a priority, such as priority = {_free(taken, 1)}",
        )
    for rule in others:
        if (number is None or rule.priority < number) and (lost := _lost_to(rule, environment, balancer)):
            yield todo(
                "load balancer",
                f"{name}: the rule {rule.priority} of {listener.load_balancer} gets the requests for"
                f" {', '.join(lost)} before this service does",
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


def _free(taken: set[int], wanted: int) -> int:
    """The next free priority at or after the one that is wanted; if there is none, the last one before it."""
    numbers: Iterator[int] = chain(range(wanted, HIGHEST + 1), range(wanted, 0, -1))
    return next(number for number in numbers if number not in taken)


def _lost_to(rule: ListenerRule, environment: Environment, balancer: ExistingLoadBalancer) -> list[str]:
    """The host names of the service whose requests a rule gets; none if it gets only some."""
    lost = [] if rule.narrowed else conditions(environment, balancer).taken_by(rule.conditions)
    return ["every host name" if name == ALL else name for name in lost]
