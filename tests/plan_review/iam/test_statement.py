"""Policies read: every shape that AWS takes, and a word on whatever is none."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plan_review.iam.pattern_set import EVERYTHING, NOBODY, PatternSet
from plan_review.iam.statement import NoPolicyError, parse
from tests.plan_review.policies import policy, statement

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
)
KEYS = "Effect Action NotAction Resource NotResource Principal NotPrincipal Condition Sid"
keys = st.sampled_from(KEYS.split())
values = json_values | st.sampled_from(["Allow", "Deny", "*", "s3:*"])


def test_one_statement_need_not_stand_in_a_list() -> None:
    text = json.dumps({"Statement": {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}})

    assert [each.actions for each in parse(text)] == [PatternSet(("s3:GetObject",))]


def test_what_is_not_named_is_everything_and_nobody() -> None:
    (found,) = parse(json.dumps({"Statement": [{"Effect": "Deny", "NotAction": ["iam:*"]}]}))

    assert not found.allows
    assert found.actions == PatternSet(("iam:*",), but=True)
    assert (found.resources, found.principals) == (EVERYTHING, NOBODY)


@pytest.mark.parametrize("principal", ["*", {"AWS": "*"}, {"AWS": ["*"]}])
def test_everybody_is_everybody_however_it_is_written(principal: object) -> None:
    (found,) = parse(policy(statement("s3:GetObject", principal=principal)))

    assert found.principals == PatternSet(("*",))


def test_an_accounts_number_is_its_root() -> None:
    (short,) = parse(policy(statement("s3:GetObject", principal={"AWS": "123456789012"})))
    (long,) = parse(policy(statement("s3:GetObject", principal={"AWS": "arn:aws:iam::123456789012:root"})))

    assert short == long


def test_numbers_and_booleans_in_conditions_are_text() -> None:
    (found,) = parse(policy(statement("a:b", condition={"Bool": {"k": True}, "NumericEquals": {"n": [1]}})))

    assert {condition.values for condition in found.conditions} == {frozenset(["true"]), frozenset(["1"])}


@pytest.mark.parametrize("text", ["", "  ", "{}", '{"Statement": []}'])
def test_an_empty_policy_allows_nothing(text: str) -> None:
    assert parse(text) == ()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{", "it is not JSON"),
        ("[" * 100_000, "it is not JSON"),
        ("[]", "it is not a JSON object"),
        ("null", "it is not a JSON object"),
        ('{"Statement": "x"}', "a statement is not a JSON object"),
        ('{"Statement": {"Effect": "Maybe"}}', "neither Allow nor Deny"),
        ('{"Statement": {"Effect": "Allow"}}', "neither Action nor NotAction"),
        ('{"Statement": {"Effect": "Allow", "Action": {}}}', "a value of Action is not text"),
        (
            '{"Statement": {"Effect": "Allow", "Action": "*", "Principal": 1}}',
            "neither . nor",
        ),
        ('{"Statement": {"Effect": "Allow", "Action": "*", "Condition": 1}}', "Condition is not"),
        (
            '{"Statement": {"Effect": "Allow", "Action": "*", "Condition": {"Bool": 1}}}',
            "operator of",
        ),
    ],
)
def test_what_is_no_policy_says_why(text: str, why: str) -> None:
    with pytest.raises(NoPolicyError, match=why):
        parse(text)


@given(st.dictionaries(keys, values) | json_values, st.booleans())
def test_no_document_fails_otherwise(found: object, inside: bool) -> None:
    text = json.dumps({"Statement": found} if inside else found)

    try:
        statements = parse(text)
    except NoPolicyError:
        return
    assert all(each.covers(each) for each in statements)
