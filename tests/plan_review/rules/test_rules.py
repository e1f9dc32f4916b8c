"""Each rule sees what it looks for, and leaves alone what only looks like it."""

import json
import re
from collections.abc import Iterable, Mapping

import pytest

from plan_review.evaluate import findings
from plan_review.finding import Finding, Severity
from plan_review.iam.permissions import permissions
from plan_review.plan import UNKNOWN, Action, Plan, ResourceChange, Value
from plan_review.rules import capacity, observability, outage, unknown
from plan_review.rules.acknowledgement import RULES_OF_SETTINGS
from plan_review.rules.ingress import TYPES
from plan_review.rules.resource_types.tables import LOGS, SERVING, STATEFUL
from plan_review.rules.table import OF_CHANGES, OF_PERMISSIONS, OF_PLANS, OF_SETTINGS, RULES
from tests.plan_review.changes import plan
from tests.plan_review.rules.cases import (
    access,
    anybody,
    encryption,
    exposure,
    plan_completeness,
    protection,
    state,
)
from tests.plan_review.rules.cases import observability as observed
from tests.plan_review.rules.cases import outage as outages
from tests.plan_review.rules.cases.case import Case, create, delete, replace, update

MODULES = (*(access, anybody, encryption, exposure, observed, outages, plan_completeness, protection, state),)
CASES: list[Case] = [
    case
    for module in (
        access,
        anybody,
        encryption,
        exposure,
        observed,
        outages,
        plan_completeness,
        protection,
        state,
    )
    for case in module.CASES
]
SEEN = [case for case in CASES if case.says is not None]
IGNORED = [case for case in CASES if case.says is None]


def found(of: Plan) -> list[Finding]:
    return list(findings(of, permissions(of), {}))


def ruled(of: Plan, rule: str) -> list[str]:
    return [finding.what for finding in found(of) if finding.rule == rule]


@pytest.mark.parametrize("case", SEEN, ids=str)
def test_a_rule_sees_what_it_looks_for(case: Case) -> None:
    said = ruled(case.plan, case.rule)

    assert any(str(case.says) in what for what in said), f"{case.rule} said {said}"


@pytest.mark.parametrize("case", IGNORED, ids=str)
def test_a_rule_leaves_alone_what_only_looks_like_it(case: Case) -> None:
    assert not ruled(case.plan, case.rule)


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_is_tried_both_ways(rule: str) -> None:
    if rule in {each.id for each in RULES_OF_SETTINGS}:
        return  # tried in test_acknowledging.py: no plan shows them

    assert rule in {case.rule for case in SEEN}, "nothing shows that it sees anything"
    assert rule in {case.rule for case in IGNORED}, "nothing shows that it leaves anything alone"


def test_no_two_rules_have_one_id() -> None:
    every = (*OF_PLANS, *OF_CHANGES, *OF_PERMISSIONS, *OF_SETTINGS)

    assert len(RULES) == len(every)


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_says_what_why_and_how_to_answer(rule: str) -> None:
    found = RULES[rule]

    assert re.fullmatch(r"[a-z]+\.[a-z]+(-[a-z]+)*", found.id)
    assert found.severity in Severity
    assert found.looks_for[0].islower()
    assert not found.looks_for.endswith(".")
    assert found.why.endswith(".")
    assert found.answer.endswith(".")


@pytest.mark.parametrize("kind", STATEFUL)
def test_whatever_holds_state_blocks_when_it_goes(kind: str) -> None:
    gone = found(plan(delete(f"{kind}.main")))
    renewed = found(plan(replace(f"{kind}.main", {}, {}, ("name",))))

    assert any(each.rule == "state.destroyed" and each.blocks for each in gone)
    assert any(each.rule == "state.replaced" and each.blocks for each in renewed)


def test_what_holds_state_is_not_called_something_that_merely_serves() -> None:
    assert not STATEFUL.keys() & SERVING.keys()
    assert not STATEFUL.keys() & LOGS.keys()


@pytest.mark.parametrize(
    "kinds",
    [
        STATEFUL,
        LOGS,
        SERVING,
        TYPES,
        observability.ALARMS,
        outage._RESTARTS,
        capacity._SIZES,
        unknown.WATCHED,
    ],
)
def test_types_are_written_as_terraform_writes_them(kinds: dict[str, object]) -> None:
    assert [
        kind for kind in kinds if not re.fullmatch(r"[a-z0-9]+(-v\d|-capella)?(_[a-z0-9-]+)+", kind)
    ] == []


@pytest.mark.parametrize("kind", SERVING)
def test_whatever_serves_is_told_of_when_it_goes(kind: str) -> None:
    assert ruled(plan(delete(f"{kind}.main")), "outage.destroyed")
    assert ruled(plan(replace(f"{kind}.main", {}, {}, ("name",))), "outage.replaced")


@pytest.mark.parametrize("kind", LOGS)
def test_whatever_keeps_logs_is_told_of_when_it_goes(kind: str) -> None:
    assert ruled(plan(delete(f"{kind}.main")), "state.logs-destroyed")


def nested(path: str, value: Value) -> Value:
    """A resource with a value at ``block.attribute``."""
    name, _, rest = path.partition(".")
    return {name: [nested(rest, value)] if rest else value}


PRIVATE: Value = ["PRIVATE"]
REGIONAL: Value = ["REGIONAL"]
OTHERS: list[tuple[str, str, str, Value, Value]] = [
    ("retention.expires", "aws_s3_bucket", "lifecycle_rule.expiration.days", 90, 7),
    ("retention.expires", "google_storage_bucket", "lifecycle_rule.condition.age", 90, 7),
    ("exposure.load-balancer", "aws_alb", "internal", True, False),
    ("exposure.load-balancer", "aws_elb", "internal", True, False),
    ("exposure.api", "aws_api_gateway_domain_name", "endpoint_configuration.types", PRIVATE, REGIONAL),
    ("encryption.key-weakened", "aws_kms_external_key", "enabled", True, False),
    ("encryption.key-weakened", "aws_kms_replica_key", "enabled", True, False),
    ("alarm.changed", "aws_cloudwatch_composite_alarm", "alarm_rule", "a", "b"),
    ("outage.health-path", "aws_alb_target_group", "health_check.path", "/a", "/b"),
    ("outage.health-path", "aws_elb", "health_check.target", "a", "b"),
    ("outage.health-check", "aws_alb_target_group", "health_check.interval", 5, 9),
    ("outage.health-check", "aws_elb", "health_check.unhealthy_threshold", 2, 4),
    (
        *("capacity.at-once", "aws_autoscaling_group"),
        *("instance_refresh.preferences.min_healthy_percentage", 90, 0),
    ),
    *(("alarm.silent", kind, "enabled", True, False) for kind in observability.ALARMS),
]
TABLES: list[tuple[str, Mapping[str, Iterable[str]], Value, Value]] = [
    ("outage.restart", outage._RESTARTS, "a", "b"),
    ("outage.template", outage._TEMPLATES, "a", "b"),
    ("outage.dns", outage._RECORDS, "a", "b"),
    ("outage.origin", outage._ORIGINS, "a", "b"),
    ("outage.switched-off", outage._ON_AND_OFF, True, False),
    ("capacity.less", capacity._SIZES, 3, 2),
    ("capacity.none", capacity._SIZES, 3, 0),
    ("unknown.changed", unknown.WATCHED, "a", UNKNOWN),
    *((rule, {kind: (path,)}, before, after) for rule, kind, path, before, after in OTHERS),
]
PATHS = [
    (rule, kind, path, before, after)
    for rule, table, before, after in TABLES
    for kind, paths in table.items()
    for path in paths
]


@pytest.mark.parametrize(("rule", "kind", "path", "before", "after"), PATHS, ids=str)
def test_each_type_that_a_rule_names_can_fire_it(
    rule: str, kind: str, path: str, before: Value, after: Value
) -> None:
    one, other = nested(path, before), nested(path, after)
    assert isinstance(one, dict)
    assert isinstance(other, dict)
    assert ruled(plan(update(f"{kind}.x", one, other)), rule)


ENDS = (
    *("protection.removed", "exposure.guard-removed", "encryption.removed", "logging.removed"),
    *(
        "notification.removed",
        "alarm.destroyed",
        "state.destroyed",
        "state.logs-destroyed",
        "outage.destroyed",
    ),
)


@pytest.mark.parametrize("rule", ENDS)
def test_each_type_that_a_rule_about_ends_names_can_fire_it(rule: str) -> None:
    silent = [kind for kind in RULES[rule].types if not ruled(plan(delete(f"{kind}.x")), rule)]
    assert silent == []


def created(rule: str, kind: str) -> ResourceChange:
    """A new resource, or one in another's place, that fires a rule."""
    if rule == "outage.in-turn":
        return replace(f"{kind}.x", {"a": "b"}, {"a": "c"}, ("a",), action=Action.CREATE_BEFORE_DESTROY)
    if rule == "unknown.created":
        after = nested(unknown.WATCHED[kind]["security_group" in kind and "rule" not in kind], UNKNOWN)
    elif rule == "encryption.plain-http":
        after = {"protocol": "HTTP", "default_action": [{"type": "forward"}]}
    elif rule in ("exposure.ports", "exposure.web"):
        port = "8443" if rule == "exposure.ports" else "443"
        after = json.loads(json.dumps(OPENINGS[kind]).replace("22", port))
    else:
        after = {"a": "b"}
    assert isinstance(after, dict)
    return create(f"{kind}.x", after)


OPENINGS: dict[str, dict[str, Value]] = {
    **anybody.OPENS,
    "aws_security_group_rule": {
        "type": "ingress",
        "from_port": 22,
        "to_port": 22,
        "protocol": "tcp",
        "cidr_blocks": ["0.0.0.0/0"],
    },
    "aws_security_group": anybody.OPENS["aws_default_security_group"],
    "aws_vpc_security_group_ingress_rule": {
        "from_port": 22,
        "to_port": 22,
        "ip_protocol": "tcp",
        "cidr_ipv4": "0.0.0.0/0",
    },
    "azurerm_network_security_rule": {
        "access": "Allow",
        "direction": "Inbound",
        "protocol": "Tcp",
        "source_address_prefix": "*",
        "destination_port_range": "22",
    },
    "google_compute_firewall": {
        "source_ranges": ["0.0.0.0/0"],
        "allow": [{"protocol": "tcp", "ports": ["22"]}],
    },
}


@pytest.mark.parametrize(
    "rule",
    [
        *("outage.in-turn", "unknown.created", "encryption.plain-http", "access.long-lived-key"),
        *("exposure.ports", "exposure.web"),
    ],
)
def test_each_type_that_a_rule_about_what_is_new_names_can_fire_it(rule: str) -> None:
    assert [kind for kind in RULES[rule].types if not ruled(plan(created(rule, kind)), rule)] == []


def test_no_rule_names_a_type_that_nothing_shows_to_fire_it() -> None:
    tried = {rule: set(RULES[rule].types) for rule in (*ENDS, "state.replaced", "outage.replaced")}
    for rule in ("outage.in-turn", "unknown.created", "encryption.plain-http", "access.long-lived-key"):
        tried[rule] = set(RULES[rule].types)
    tried |= {rule: set(RULES[rule].types) for rule in ("exposure.ports", "exposure.web")}
    for case in SEEN:
        tried.setdefault(case.rule, set()).update(change.type for change in case.plan.changes)
    for rule, kind, *_ in PATHS:
        tried.setdefault(rule, set()).add(kind)
    missing = {rule.id: set(rule.types) - tried.get(rule.id, set()) for rule in RULES.values()}
    assert {rule: kinds for rule, kinds in missing.items() if kinds} == {}


def test_each_firewall_of_each_provider_has_a_case() -> None:
    rules = ("exposure.administration", "exposure.ports", "exposure.web")
    tried = {change.type for case in SEEN if case.rule in rules for change in case.plan.changes}
    assert TYPES - tried == set()


def test_each_type_of_administrators_roles_has_a_case() -> None:
    tried = {
        change.type for case in SEEN if case.rule == "access.administrator" for change in case.plan.changes
    }
    assert set(RULES["access.administrator"].types) == tried


def test_every_finding_of_a_rule_is_about_the_resource_and_tells_what_changed() -> None:
    finding = next(each for each in found(state.CASES[0].plan) if each.rule == "state.destroyed")

    assert (finding.stack, finding.address) == ("my-app-prod", "aws_s3_bucket.data")


def test_a_replacement_shows_the_attribute_that_forces_it() -> None:
    change = replace("aws_ecr_repository.main", {"name": "shop"}, {"name": "other"}, ("name",))

    finding = next(each for each in found(plan(change)) if each.rule == "state.replaced")

    assert [(each.path, each.before, each.after) for each in finding.changes] == [
        (("name",), "shop", "other")
    ]
    assert finding.changes[0].forces_replacement
