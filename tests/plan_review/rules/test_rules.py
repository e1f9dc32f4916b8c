"""Each rule sees what it looks for, and leaves alone what only looks like it."""

import re

import pytest

from plan_review.evaluate import findings
from plan_review.finding import Finding, Severity
from plan_review.iam.permissions import permissions
from plan_review.plan import UNKNOWN, Plan, Value
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
from tests.plan_review.rules.cases.case import Case, delete, replace, update

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


PATHS = [
    (rule, kind, path, before, after)
    for rule, table, before, after in (
        ("outage.restart", outage._RESTARTS, "a", "b"),
        ("outage.template", outage._TEMPLATES, "a", "b"),
        ("outage.dns", outage._RECORDS, "a", "b"),
        ("outage.origin", outage._ORIGINS, "a", "b"),
        ("outage.switched-off", outage._ON_AND_OFF, True, False),
        ("capacity.less", capacity._SIZES, 3, 2),
        ("unknown.changed", unknown.WATCHED, "a", UNKNOWN),
    )
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
