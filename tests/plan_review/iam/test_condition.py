"""Conditions compared: which of two is at least as strict, and how they read."""

import pytest

from plan_review.iam.condition import Condition, implied
from plan_review.iam.statement_text import conditions

KEY = "aws:SourceArn"


def clause(operator: str, *values: str, key: str = KEY) -> Condition:
    return Condition(operator, key, frozenset(values))


@pytest.mark.parametrize(
    ("strict", "loose"),
    [
        (clause("StringEquals", "a"), clause("StringEquals", "a", "b")),
        (clause("StringEquals", "a"), clause("stringequals", "a", key="AWS:sourcearn")),
        (clause("StringEquals", "ab"), clause("StringLike", "a*")),
        (clause("StringLike", "ab*"), clause("StringLike", "a*")),
        (clause("ArnEquals", "arn:a"), clause("ArnLike", "arn:*")),
        (clause("StringNotEquals", "a", "b"), clause("StringNotEquals", "a")),
        (clause("StringNotLike", "a*"), clause("StringNotLike", "ab*")),
        (clause("StringEquals", "a"), clause("StringEqualsIfExists", "a")),
        (clause("IpAddress", "10.1.0.0/16"), clause("IpAddress", "10.0.0.0/8")),
        (clause("IpAddress", "2001:db8:1::/48"), clause("IpAddress", "2001:db8::/32")),
        (clause("NotIpAddress", "10.0.0.0/8"), clause("NotIpAddress", "10.1.0.0/16")),
        (clause("ForAnyValue:StringEquals", "a"), clause("ForAnyValue:StringEquals", "a", "b")),
        (clause("NumericLessThan", "5"), clause("NumericLessThan", "5")),
    ],
)
def test_a_stricter_condition_implies_a_looser_one_alone(strict: Condition, loose: Condition) -> None:
    assert strict.implies(loose)
    if strict.test != loose.test or strict.values != loose.values or strict.optional != loose.optional:
        assert not loose.implies(strict)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (clause("StringEquals", "a"), clause("StringNotEquals", "b")),
        (clause("StringEquals", "a"), clause("StringEquals", "a", key="aws:SourceAccount")),
        (clause("ForAnyValue:StringEquals", "a"), clause("ForAllValues:StringEquals", "a")),
        (clause("StringNotEquals", "a*"), clause("StringNotLike", "ab")),
        (clause("NumericLessThan", "5"), clause("NumericLessThan", "6")),
        (clause("IpAddress", "10.0.0.0/8"), clause("IpAddress", "2001:db8::/32")),
        (clause("IpAddress", "nonsense"), clause("IpAddress", "10.0.0.0/8")),
        (clause("Bool", "true"), clause("Bool", "false")),
    ],
)
def test_conditions_that_cannot_be_told_apart_for_certain_imply_nothing(
    one: Condition, other: Condition
) -> None:
    assert not one.implies(other)


def test_fewer_conditions_are_looser() -> None:
    one, two = clause("StringEquals", "a"), clause("Bool", "true", key="aws:SecureTransport")

    assert implied(frozenset([one, two]), frozenset([one]))
    assert implied(frozenset([one]), frozenset())
    assert not implied(frozenset([one]), frozenset([one, two]))


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        (clause("StringEquals", "a", "b"), " if aws:SourceArn is a or b"),
        (clause("ArnNotLike", "a"), " if aws:SourceArn is not like a"),
        (clause("Null", "true"), " if aws:SourceArn is absent"),
        (clause("Null", "false"), " if aws:SourceArn is present"),
        (clause("ForAnyValue:StringLike", "a"), " if any of aws:SourceArn is like a"),
        (clause("BoolIfExists", "true"), " if aws:SourceArn is true, where there is one"),
        (clause("NumericLessThanEquals", "5"), " if aws:SourceArn is at most 5"),
        (clause("Invented", "5"), " if aws:SourceArn Invented 5"),
    ],
)
def test_a_condition_is_read_out(condition: Condition, said: str) -> None:
    assert conditions([condition]) == said
