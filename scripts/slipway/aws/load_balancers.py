"""Reads load balancers that exist: their HTTPS listener and its rules."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from modules.config.conditions import RuleConditions
from modules.config.settings import ExistingLoadBalancer
from slipway.aws.clients import Aws
from slipway.aws.errors import AwsError

if TYPE_CHECKING:
    from mypy_boto3_elbv2.type_defs import LoadBalancerTypeDef, RuleConditionOutputTypeDef, RuleTypeDef

HTTPS_PORT = 443
HOSTS, PATHS = "HostHeaderConfig", "PathPatternConfig"
ABSENT = {
    "ListenerNotFound",
    "ListenerNotFoundException",
    "LoadBalancerNotFound",
    "LoadBalancerNotFoundException",
}


@dataclass(frozen=True)
class ListenerRule:
    """A rule of a listener. priority: its number. targets: the names of its target groups.

    narrowed: whether it has conditions besides host names and paths with wildcards, such as a header, an
    address or a regular expression, so that it may get only some of these requests.
    """

    priority: int
    conditions: RuleConditions
    targets: tuple[str, ...]
    narrowed: bool = False


@dataclass(frozen=True)
class ExistingListener:
    """A listener and its load balancer. kind: of the load balancer, such as ``application``."""

    arn: str
    kind: str
    protocol: str
    tls_policy: str
    load_balancer: str
    vpc: str
    security_groups: tuple[str, ...]
    rules: tuple[ListenerRule, ...]


def listener(aws: Aws, balancer: ExistingLoadBalancer) -> ExistingListener | None:
    """The listener that the settings name; None if it, or its load balancer, does not exist."""
    try:
        return _by_arn(aws, balancer.listener) if balancer.listener else _by_name(aws, balancer.name or "")
    except AwsError as error:
        if error.code in ABSENT:
            return None
        raise


def targets(aws: Aws, load_balancer: str) -> set[str]:
    """The names of the target groups that the rules of a load balancer forward to; none if it is gone.

    load_balancer: its ARN. Default actions are not rules, and are left out.
    """
    try:
        pages = aws.elbv2.get_paginator("describe_listeners").paginate(LoadBalancerArn=load_balancer)
        listeners = [found.get("ListenerArn", "") for page in pages for found in page["Listeners"]]
    except AwsError as error:
        if error.code in ABSENT:
            return set()
        raise
    return {target for arn in listeners for rule in _rules(aws, arn) for target in rule.targets}


def _by_arn(aws: Aws, arn: str) -> ExistingListener | None:
    (found,) = aws.elbv2.describe_listeners(ListenerArns=[arn])["Listeners"]
    arns = [found.get("LoadBalancerArn", "")]
    (owner,) = aws.elbv2.describe_load_balancers(LoadBalancerArns=arns)["LoadBalancers"]
    return _listener(aws, owner, arn, found.get("Protocol", ""), found.get("SslPolicy", ""))


def _by_name(aws: Aws, name: str) -> ExistingListener | None:
    (owner,) = aws.elbv2.describe_load_balancers(Names=[name])["LoadBalancers"]
    pages = aws.elbv2.get_paginator("describe_listeners").paginate(
        LoadBalancerArn=owner.get("LoadBalancerArn", "")
    )
    for page in pages:
        for found in page["Listeners"]:
            if found.get("Port") == HTTPS_PORT:
                arn, protocol = found.get("ListenerArn", ""), found.get("Protocol", "")
                return _listener(aws, owner, arn, protocol, found.get("SslPolicy", ""))
    return None


def _listener(
    aws: Aws, owner: "LoadBalancerTypeDef", arn: str, protocol: str, tls_policy: str
) -> ExistingListener:
    return ExistingListener(
        arn=arn,
        kind=owner.get("Type", ""),
        protocol=protocol,
        tls_policy=tls_policy,
        load_balancer=owner.get("LoadBalancerName", ""),
        vpc=owner.get("VpcId", ""),
        security_groups=tuple(owner.get("SecurityGroups", [])),
        rules=tuple(_rules(aws, arn)),
    )


def _rules(aws: Aws, listener_arn: str) -> Iterator[ListenerRule]:
    """Every rule but the default one."""
    for page in aws.elbv2.get_paginator("describe_rules").paginate(ListenerArn=listener_arn):
        for rule in page["Rules"]:
            if rule.get("Priority", "").isdigit():
                yield ListenerRule(
                    priority=int(rule.get("Priority", "")),
                    conditions=RuleConditions(
                        host_names=values_of(rule, "host-header", HOSTS),
                        paths=values_of(rule, "path-pattern", PATHS),
                    ),
                    targets=tuple(forwarded_to(rule)),
                    narrowed=any(_narrows(condition) for condition in rule.get("Conditions", [])),
                )


def _narrows(condition: "RuleConditionOutputTypeDef") -> bool:
    """Whether a condition is of another kind, or has no values in which only ``*`` and ``?`` are special."""
    blocks: Mapping[str, list[str]] = {**condition.get(HOSTS, {}), **condition.get(PATHS, {})}  # type: ignore[dict-item]
    values = condition.get("Values") or blocks.get("Values")
    return condition.get("Field") not in ("host-header", "path-pattern") or not values


def values_of(rule: "RuleTypeDef", field: str, config: str) -> tuple[str, ...]:
    """The values of a condition, which AWS gives in its own block or, for older rules, directly."""
    found: list[str] = []
    for condition in rule.get("Conditions", []):
        if condition.get("Field") == field:
            block: dict[str, list[str]] = condition.get(config) or {}  # type: ignore[assignment]
            found += block.get("Values") or condition.get("Values") or []
    return tuple(found)


def forwarded_to(rule: "RuleTypeDef") -> Iterator[str]:
    """The names of the target groups that a rule forwards to."""
    for action in rule.get("Actions", []):
        groups = [group.get("TargetGroupArn", "") for group in _forwarded(action)]
        yield from (arn.split("/")[1] for arn in groups if arn)


def _forwarded(action: object) -> list[dict[str, str]]:
    assert isinstance(action, dict)
    weighted = action.get("ForwardConfig", {}).get("TargetGroups", [])
    return weighted or [{"TargetGroupArn": action.get("TargetGroupArn", "")}]
