import json
import pickle

import pytest

from plan_review import expectation
from plan_review.difference import differences
from plan_review.json_input import Json
from plan_review.plan import Masked, Plan, ResourceChange, Value
from plan_review.plan_reader import read
from plan_review.secrets.masking import Masker, PlanTexts
from tests.patches import patched
from tests.plan_review import planted


@pytest.fixture(scope="module")
def plan() -> Plan:
    return read(planted.text(), stack="shop")


def resource(plan: Plan, name: str) -> ResourceChange:
    return next(change for change in plan.changes if change.name == name)


def hidden(value: object) -> Value:
    return Masker(PlanTexts()).value(json.loads(json.dumps(value)))


@pytest.mark.parametrize("secret", planted.secrets())
def test_no_planted_secret_is_anywhere_in_what_was_read(plan: Plan, secret: str) -> None:
    outputs = {
        "repr": repr(plan),
        "str": " ".join(map(str, _leaves(plan))),
        "differences": str([differences(change) for change in (*plan.changes, *plan.drift)]),
        "review.json": json.dumps(expectation.expected_changes([plan])),
        "pickle": pickle.dumps(plan, protocol=0).decode("latin-1"),
    }
    for form in planted.forms(secret):
        assert {name for name, text in outputs.items() if form in text} == set()


def test_at_least_thirty_kinds_of_secrets_are_planted() -> None:
    assert len(set(planted.secrets())) >= 30
    assert all(any(form in planted.text() for form in planted.forms(secret)) for secret in planted.secrets())


def test_what_only_stands_near_secrets_is_shown(plan: Plan) -> None:
    assert resource(plan, "shown").after == planted.SHOWN


def test_of_a_text_only_the_secret_is_hidden() -> None:
    assert hidden("postgres://app:s3cret@db:5432/shop") == "postgres://app:(hidden: password #1)@db:5432/shop"


def test_of_two_names_beside_a_value_the_first_says_what_kind_of_secret_it_is() -> None:
    for first, second, kind in (
        ("DB_PASSWORD", "API_TOKEN", "password"),
        ("API_TOKEN", "DB_PASSWORD", "token"),
    ):
        shown = hidden({"name": first, "key": second, "value": "x1y2z3"})
        assert isinstance(shown, dict)
        assert isinstance(shown["value"], Masked)
        assert shown["value"].label == kind


def test_json_in_a_text_stays_json_without_its_secrets() -> None:
    shown = hidden({"definitions": json.dumps([{"name": "DB_PASSWORD", "value": "x1"}, {"image": "shop"}])})
    assert isinstance(shown, dict)
    assert json.loads(str(shown["definitions"])) == [
        {"name": "DB_PASSWORD", "value": "(hidden: password #1)"},
        {"image": "shop"},
    ]


def test_a_secret_that_changes_is_seen_to_change() -> None:
    change = {"password": ["one", "two", "one"]}
    shown = hidden(change)
    assert isinstance(shown, dict)
    assert isinstance(shown["password"], list)
    first, second, third = shown["password"]
    assert first != second
    assert first == third


def test_a_hidden_value_says_its_kind_and_nothing_else() -> None:
    assert str(Masked("password", 1)) == "(hidden: password)"
    assert repr(Masked("password", 1)) == "Masked(label='password')"


def test_a_sensitive_value_that_is_not_set_is_seen_to_be_not_set() -> None:
    assert Masker(PlanTexts()).value({"password": None}, sensitive={"password": True}) == {"password": None}


def test_marks_that_do_not_fit_their_value_hide_all_of_it() -> None:
    cases: list[tuple[Json, Json]] = [
        ({"a": "x"}, [True]),
        (["x", "y", "z"], [False, True]),
        ("x", {"a": True}),
        (5, [True]),
    ]
    for value, marks in cases:
        assert "x" not in repr(Masker(PlanTexts()).value(value, sensitive=marks))


def test_two_keys_that_look_like_secrets_are_both_kept() -> None:
    keys = [planted.LOOKS["GitHub token"], planted.LOOKS["Slack token"], "(hidden: GitHub token #1)"]
    shown = hidden(dict.fromkeys(keys, 1))
    assert isinstance(shown, dict)
    assert len(shown) == 3


def test_halves_of_characters_are_replaced_for_no_output_can_hold_them() -> None:
    shown = read(patched(planted.text(), "an ordinary output", "half \\ud83d"), stack="s").outputs[-1].after
    assert shown == "half \ufffd"


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "hostile",
    [
        "a=" * 300_000,
        "eyJ" * 200_000,
        "://a:" * 200_000,
        "-----BEGIN PRIVATE KEY-----" * 20_000,
        "a" * 1_000_000,
        "password " * 100_000,
        '{"a":' * 100_000,
        "SG." * 200_000,
        "A1b" * 300_000,
        "\\" * 500_000,
        "<a " * 200_000,
        "password: |\n" + "  a\n" * 200_000,
        "-" * 500_000,
        "a:" * 300_000,
        "basic " * 200_000,
        "token=" * 100_000,
    ],
    ids=lambda text: text[:12],
)
def test_no_text_takes_long_to_look_through(hostile: str) -> None:
    Masker(PlanTexts()).value({"text": hostile})


def _leaves(value: object) -> list[object]:
    if isinstance(value, dict):
        return [leaf for key, each in value.items() for leaf in (key, *_leaves(each))]
    if isinstance(value, list | tuple):
        return [leaf for each in value for leaf in _leaves(each)]
    return (
        _leaves(list(vars(value).values()))
        if hasattr(value, "__dataclass_fields__") and not isinstance(value, Masked)
        else [value]
    )
