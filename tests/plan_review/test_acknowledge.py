"""What somebody lets pass passes, until its day; what is of no use any more is a finding itself."""

from datetime import date

import pytest

from plan_review.acknowledge import matches
from plan_review.finding import Finding, Severity
from plan_review.plan import Plan
from plan_review.review import ReviewStatus, review
from plan_review.settings import Acknowledgement, ReviewSettings
from tests.plan_review.changes import change, plan

TODAY = date(2026, 11, 23)
GONE = change("aws_ecr_repository.main", before={"name": "shop"})
REASON = "The images were copied."


def letting(address: str = "aws_ecr_repository.main", **changed: object) -> ReviewSettings:
    fields = {"rule": "state.destroyed", "reason": REASON, "expires": TODAY, "stack": "*", **changed}
    return ReviewSettings(acknowledgements=(Acknowledgement(address=address, **fields),))  # type: ignore[arg-type]  # tests say less


def findings(settings: ReviewSettings, *plans: Plan) -> dict[str, Finding]:
    return {finding.rule: finding for finding in review(plans, settings, TODAY).findings}


def test_what_is_acknowledged_blocks_no_longer() -> None:
    found = review([plan(GONE)], letting(), TODAY)

    assert found.status is ReviewStatus.CHANGES
    assert found.findings[0].acknowledged is not None
    assert found.findings[0].acknowledged.reason == REASON


def test_what_is_acknowledged_comes_after_all_the_rest() -> None:
    small = change("aws_sns_topic_subscription.a", before={"topic_arn": "t"})

    found = review([plan(GONE, small)], letting(), TODAY).findings

    assert [each.rule for each in found] == ["notification.removed", "state.destroyed"]


def test_it_holds_on_its_last_day_and_not_on_the_next() -> None:
    later = letting(expires=date(2026, 11, 22))

    assert findings(letting(), plan(GONE)).keys() == {"state.destroyed"}
    assert review([plan(GONE)], later, TODAY).blocked
    assert "until 2026-11-22" in findings(later, plan(GONE))["acknowledgement.expired"].what


@pytest.mark.parametrize(
    "settings",
    [
        letting("aws_ecr_repository.other"),
        letting(rule="state.replaced"),
        letting(stack="my-app-staging"),
        letting("aws_ecr_repository"),
    ],
)
def test_another_resource_rule_or_stack_is_not_meant(settings: ReviewSettings) -> None:
    assert review([plan(GONE)], settings, TODAY).blocked


def test_an_acknowledgement_that_nothing_needs_is_a_finding() -> None:
    found = findings(letting("aws_ecr_repository.old"), plan(GONE))

    assert "aws_ecr_repository.old" in found["acknowledgement.unused"].what
    assert found["acknowledgement.unused"].severity is Severity.LOW


def test_an_acknowledgement_for_a_stack_that_is_not_reviewed_is_not_unused() -> None:
    assert findings(letting(stack="my-app-staging"), plan(GONE)).keys() == {"state.destroyed"}


def test_a_finding_about_the_whole_plan_is_acknowledged_by_no_address() -> None:
    settings = letting("", rule="plan.incomplete")

    assert not review([plan(complete=False)], settings, TODAY).blocked


def test_a_rule_can_be_taken_more_or_less_seriously() -> None:
    found = review([plan(GONE)], ReviewSettings(severities={"state.destroyed": Severity.LOW}), TODAY)

    assert found.findings[0].severity is Severity.LOW
    assert found.status is ReviewStatus.CHANGES


@pytest.mark.parametrize(
    ("pattern", "text", "is_meant"),
    [
        ("*", "anything", True),
        ("aws_x.a", "aws_x.a", True),
        ("aws_x.a", "aws_x.ab", False),
        ("aws_x.*", "aws_x.a", True),
        ('aws_x.a["*"]', 'aws_x.a["b c"]', True),
        ('aws_x.a["k"]', 'aws_x.a["k"]', True),
        ("aws_x.a[0]", "aws_x.a0", False),
        ("aws_x.?", "aws_x.a", False),
        ("module.*.aws_x.a", "module.m[0].aws_x.a", True),
        ("a*", "a\nb", True),
    ],
)
def test_only_a_star_stands_for_other_text(pattern: str, text: str, is_meant: bool) -> None:
    assert matches(pattern, text) is is_meant
