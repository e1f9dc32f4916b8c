"""Reads the routes of an applied listener from the emulated AWS."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from local.rehearsal.machines.routes import FixedResponse, Forward, Route
from slipway.aws.clients import Aws
from slipway.aws.load_balancers import forwarded_to, values_of
from slipway.console.errors import SlipwayError

if TYPE_CHECKING:
    from mypy_boto3_elbv2.type_defs import ActionOutputTypeDef, RuleTypeDef

CONDITIONS = {"host-header", "path-pattern"}


def routes_beside(aws: Aws, target_group: str) -> tuple[Route, ...]:
    """The routes of the listener that forwards to a target group: its rules, then its default action.

    Raises SlipwayError if no listener forwards to it, or if the listener has conditions or actions that the
    rehearsal's load balancer does not have.
    """
    (group,) = aws.elbv2.describe_target_groups(Names=[target_group])["TargetGroups"]
    for load_balancer in group.get("LoadBalancerArns", ()):
        pages = aws.elbv2.get_paginator("describe_listeners").paginate(LoadBalancerArn=load_balancer)
        for listener in [listener for page in pages for listener in page["Listeners"]]:
            rules = _rules(aws, listener.get("ListenerArn", ""))
            if any(target_group in forwarded_to(rule) for rule in rules):
                return routes_of(rules)
    raise SlipwayError(
        f"no listener forwards to the target group {target_group}",
        then="look at the listener and the rule that the environment's stack has",
    )


def routes_of(rules: "Iterable[RuleTypeDef]") -> tuple[Route, ...]:
    """The routes of a listener's rules, in the order in which it tries them: its default action is the last.

    Raises SlipwayError if a rule has a condition or an action that the rehearsal does not have.
    """
    return tuple(_route(rule) for rule in sorted(rules, key=_number))


def _rules(aws: Aws, listener: str) -> "list[RuleTypeDef]":
    pages = aws.elbv2.get_paginator("describe_rules").paginate(ListenerArn=listener)
    return [rule for page in pages for rule in page["Rules"]]


def _number(rule: "RuleTypeDef") -> float:
    """A rule's priority; the default action has none."""
    priority = rule.get("Priority", "")
    return int(priority) if priority.isdigit() else float("inf")


def _route(rule: "RuleTypeDef") -> Route:
    if unknown := sorted(
        {condition.get("Field", "") for condition in rule.get("Conditions", [])} - CONDITIONS
    ):
        raise _cannot(rule, f"the condition {', '.join(unknown)}")
    return Route(
        hosts=values_of(rule, "host-header", "HostHeaderConfig"),
        paths=values_of(rule, "path-pattern", "PathPatternConfig"),
        action=_action(rule),
    )


def _action(rule: "RuleTypeDef") -> Forward | FixedResponse:
    kinds = [action.get("Type", "") for action in rule.get("Actions", [])]
    groups = list(forwarded_to(rule))
    if kinds == ["forward"] and len(groups) == 1:
        return Forward(groups[0])
    if kinds == ["fixed-response"]:
        (action,) = rule.get("Actions", [])
        return _fixed(action)
    what = f"{' and '.join(kinds)} to {len(groups)} target groups" if groups else " and ".join(kinds)
    raise _cannot(rule, f"the action {what}")


def _fixed(action: "ActionOutputTypeDef") -> FixedResponse:
    found: Mapping[str, str] = action.get("FixedResponseConfig", {})  # type: ignore[assignment]  # of strings
    return FixedResponse(
        int(found.get("StatusCode", "")),
        found.get("ContentType") or "text/plain",
        found.get("MessageBody") or "",
    )


def _cannot(rule: "RuleTypeDef", what: str) -> SlipwayError:
    return SlipwayError(
        f"the rule {rule.get('Priority', '')} of the listener has {what}",
        why="the rehearsal's load balancer has host names and paths, one target group, fixed responses",
    )
