"""The routes of a listener, from what AWS answers about its rules."""

from typing import Any, cast

import pytest

from local.rehearsal.machines.listener import routes_of
from local.rehearsal.machines.routes import FixedResponse, Forward, Route
from slipway.console.errors import SlipwayError

Rule = dict[str, Any]


def arn(target_group: str) -> str:
    return (
        f"arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/{target_group}/0123456789abcdef"
    )


def forward(target_group: str) -> Rule:
    return {"Type": "forward", "TargetGroupArn": arn(target_group)}


def rule(priority: str, *conditions: Rule, action: Rule) -> Rule:
    return {"Priority": priority, "Conditions": list(conditions), "Actions": [action]}


def hosts(*values: str) -> Rule:
    return {"Field": "host-header", "HostHeaderConfig": {"Values": list(values)}}


def paths(*values: str) -> Rule:
    return {"Field": "path-pattern", "PathPatternConfig": {"Values": list(values)}}


FIXED = {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "404", "MessageBody": "no"}}
WEIGHTED = {
    "Type": "forward",
    "ForwardConfig": {"TargetGroups": [{"TargetGroupArn": arn("a")}, {"TargetGroupArn": arn("b")}]},
}


def test_rules_are_in_the_order_of_their_numbers_and_the_default_action_is_the_last() -> None:
    rules = [
        rule("default", action=FIXED),
        rule("100", hosts("a.example.com", "b.example.com"), action=forward("a")),
        rule("20", hosts("c.example.com"), paths("/c/*"), action=forward("c")),
    ]
    assert routes_of(cast(Any, rules)) == (
        Route(("c.example.com",), ("/c/*",), Forward("c")),
        Route(("a.example.com", "b.example.com"), (), Forward("a")),
        Route((), (), FixedResponse(404, "text/plain", "no")),
    )


@pytest.mark.parametrize(
    ("mistake", "what"),
    [
        (
            rule("1", {"Field": "source-ip", "SourceIpConfig": {}}, action=forward("a")),
            "the condition source-ip",
        ),
        (rule("1", action=WEIGHTED), "the action forward to 2 target groups"),
        (rule("1", action={"Type": "redirect"}), "the action redirect"),
        (
            {"Priority": "1", "Actions": [{"Type": "authenticate-oidc"}, forward("a")]},
            "the action authenticate-oidc and forward to 1 target groups",
        ),
    ],
)
def test_a_rule_that_the_load_balancer_cannot_have_is_refused(mistake: Rule, what: str) -> None:
    with pytest.raises(SlipwayError, match=f"the rule 1 of the listener has {what}"):
        routes_of(cast(Any, [mistake]))
