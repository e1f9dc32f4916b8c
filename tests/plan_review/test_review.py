"""The review as a whole: its verdict, its order, its exit status, and how long it takes."""

import cProfile
import random
from dataclasses import replace
from datetime import date

import pytest

from plan_review.plan import Action, OutputChange, ResourceChange, Value
from plan_review.review import Review, ReviewStatus, review
from plan_review.settings import ReviewSettings
from tests.plan_review.changes import change, plan
from tests.plan_review.policies import policy, role_policy, statement

TODAY = date(2026, 11, 23)
NEW = change("aws_sns_topic.new", after={"name": "new"})
SAME = change("aws_sns_topic.same", before={"name": "same"}, after={"name": "same"})
GONE = change("aws_ecr_repository.main", before={"name": "shop"})
SHORTER = change(
    "aws_cloudwatch_log_group.app", before={"retention_in_days": 30}, after={"retention_in_days": 7}
)

FORGOTTEN = change("aws_lb.a", before={}, action=Action.FORGET)
READ = change("data.aws_lb.a", mode="data", after={"internal": False}, action=Action.READ)


def reviewed(*changes: ResourceChange) -> Review:
    return review([plan(*changes)], ReviewSettings(), TODAY)


@pytest.mark.parametrize(
    ("changes", "verdict", "status"),
    [
        ((), "Nothing changes in 1 stack", ReviewStatus.NOTHING_CHANGES),
        ((SAME,), "Nothing changes in 1 stack", ReviewStatus.NOTHING_CHANGES),
        ((NEW, SHORTER), "1 to add, 1 to change in 1 stack", ReviewStatus.CHANGES),
        (
            (NEW, GONE),
            "Blocked by 1 risk (state.destroyed): 1 to add, 1 to destroy in 1 stack",
            ReviewStatus.BLOCKED,
        ),
        (
            (change("aws_lb.a", before={}, after={}, action=Action.REPLACE),),
            "1 to replace in 1 stack",
            ReviewStatus.CHANGES,
        ),
        (
            (FORGOTTEN, READ),
            "1 to forget, 1 to read in 1 stack",
            ReviewStatus.CHANGES,
        ),
    ],
)
def test_the_verdict_says_in_one_line_what_would_happen(
    changes: tuple[ResourceChange, ...], verdict: str, status: ReviewStatus
) -> None:
    found = reviewed(*changes)

    assert (found.verdict, found.status) == (verdict, status)


def test_the_verdict_counts_the_stacks_in_which_something_happens() -> None:
    plans = [plan(NEW, stack="a"), plan(SAME, stack="b"), plan(SAME, stack="c")]

    assert review(plans, ReviewSettings(), TODAY).verdict == "1 to add in 1 of 3 stacks"
    assert review(plans[1:], ReviewSettings(), TODAY).verdict == "Nothing changes in 2 stacks"


def test_every_rule_that_blocks_is_named_once() -> None:
    other = change("aws_s3_bucket.main", before={"bucket": "data"})
    wide = role_policy(None, policy(statement("*")))

    assert reviewed(GONE, other, wide).verdict == (
        "Blocked by 3 risks (state.destroyed, access.everything): 1 to add, 2 to destroy in 1 stack"
    )


def test_outputs_alone_are_changes_too() -> None:
    outputs = (OutputChange("s", "url", Action.UPDATE, "a", "b"),)

    found = review([replace(plan(), outputs=outputs)], ReviewSettings(), TODAY)

    assert (found.verdict, found.status) == ("Only 1 output changes in 1 stack", ReviewStatus.CHANGES)
    assert found.stacks[0].outputs == outputs


def test_a_plan_that_is_not_whole_is_blocked_even_if_nothing_changes() -> None:
    assert review([plan(complete=False)], ReviewSettings(), TODAY).status is ReviewStatus.BLOCKED


def test_the_worst_risk_comes_first_whatever_the_order_of_the_plan() -> None:
    changes = [NEW, SHORTER, GONE, change("aws_lb.a", before={}), role_policy(None, policy(statement("*")))]
    first = reviewed(*changes)

    for seed in range(5):
        mixed = random.Random(seed).sample(changes, len(changes))
        assert reviewed(*mixed).findings == first.findings
        assert reviewed(*mixed).permissions == first.permissions
    ranks = [finding.severity.rank for finding in first.findings]
    assert ranks == sorted(ranks)


def test_what_is_the_same_is_no_change() -> None:
    found = reviewed(SAME, NEW).stacks[0]

    assert found.changes == (NEW,)


def test_data_sources_are_not_judged() -> None:
    assert reviewed(READ).findings == ()


def test_ten_times_as_many_changes_take_ten_times_as_long() -> None:
    few, many = ([each for n in range(number) for each in four(n)] for number in (10, 100))
    reviewed(*many)  # what is looked up once is known from here on

    assert calls(few) < 40 * 1_300  # 5,000 changes like these: a good second
    assert calls(many) < 11 * calls(few)


def calls(changes: list[ResourceChange]) -> int:
    """How many functions a review calls: the same on every machine, however busy it is."""
    profile = cProfile.Profile()
    profile.runcall(reviewed, *changes)
    return sum(entry.callcount for entry in profile.getstats())


def four(n: int) -> list[ResourceChange]:
    """Four changes such as big plans are full of."""
    tags: dict[str, Value] = {f"tag-{m}": "value" for m in range(20)}
    name: dict[str, Value] = {"name": f"name-{n}", "tags": dict(tags)}
    shorter: dict[str, Value] = {**name, "retention_in_days": 30}
    read = policy(statement(["s3:GetObject", "s3:PutObject"], [f"arn:aws:s3:::b-{n}/{m}" for m in range(5)]))
    more = policy(statement(["s3:GetObject", "s3:Put*"], [f"arn:aws:s3:::b-{n}/{m}" for m in range(5)]))
    return [
        change(f"aws_cloudwatch_log_group.n{n}", before=shorter, after={**shorter, "retention_in_days": 7}),
        change(f"aws_sns_topic.n{n}", before=name, after={**name, "tags": {}}),
        change(f"aws_instance.n{n}", after={**name, "instance_type": "t3.small"}),
        role_policy(read, more, role=f"role-{n}", name=f"n{n}"),
    ]
