"""review.toml: what it says, and every mistake in it, all at once and in plain words."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plan_review import settings
from plan_review.errors import ExplainedError
from plan_review.finding import Severity
from plan_review.settings import Acknowledgement, ReviewSettings, parse

WHOLE = """
[severity]
"exposure.web" = "medium"

[[acknowledge]]
rule = "state.replaced"
address = "aws_ecr_repository.*"
reason = "The images were copied to the new repository."
expires = 2026-12-24

[[acknowledge]]
rule = "plan.incomplete"
address = ""
stack = "my-app-prod"
reason = "An emergency: see the incident of 1 December."
expires = 2026-12-02
"""


def mistakes(text: str) -> list[str]:
    with pytest.raises(ExplainedError) as error:
        parse(text)
    return [line.strip() for line in str(error.value).splitlines()[1:]]


def acknowledged(**changed: str) -> str:
    lines = {
        "rule": '"state.replaced"',
        "address": '"aws_ecr_repository.main"',
        "reason": '"It was copied before."',
        "expires": "2026-12-24",
        **changed,
    }
    return "[[acknowledge]]\n" + "\n".join(f"{key} = {value}" for key, value in lines.items() if value)


def test_the_whole_file_is_read() -> None:
    found = parse(WHOLE)

    assert found.severities == {"exposure.web": Severity.MEDIUM}
    assert found.acknowledgements[0] == Acknowledgement(
        "state.replaced",
        "aws_ecr_repository.*",
        "The images were copied to the new repository.",
        date(2026, 12, 24),
    )
    assert found.acknowledgements[1].stack == "my-app-prod"


def test_the_example_in_the_documentation_is_right() -> None:
    example = str(settings.__doc__).split("\n\n", 1)[1].rsplit("\n\n", 1)[0]

    assert parse("\n".join(line.strip() for line in example.splitlines())).acknowledgements


def test_an_empty_file_changes_nothing() -> None:
    assert parse("") == ReviewSettings()


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        (acknowledged(rule='"state.replace"'), "is not a rule; did you mean state.replaced?"),
        (acknowledged(rule='"zzz"'), "is not a rule; see the list in docs/review.md"),
        (acknowledged(rule=""), 'rule: is missing; add rule = "state.replaced"'),
        (acknowledged(address='"*"'), "matches every finding"),
        (acknowledged(address="3"), "must be text in quotes"),
        (acknowledged(reason='"ok"'), "must be a sentence that says why"),
        (acknowledged(reason=""), "is missing; add a reason why it may pass"),
        (acknowledged(expires='"2026-12-24"'), "must be a date without quotes"),
        (acknowledged(expires="2026-12-24T10:00:00"), "must be a date without quotes"),
        (acknowledged(expires=""), "is missing; add the last day"),
        (acknowledged(expire="2026-12-24"), "unknown key; did you mean expires?"),
        (acknowledged(stack='""'), "must be the name of a stack"),
        ("[acknowledge]\nrule = 1", "write [[acknowledge]] above each"),
        ('[severity]\n"state.replaced" = "none"', 'must be one of "block", "high", "medium", "low"'),
        ('[severity]\n"state.replacd" = "low"', "did you mean state.replaced?"),
        ('[severity]\nstate.replaced = "low"', 'write the rule in quotes: "state.replaced"'),
        ("severity = 3", "must be a table"),
        ("[severities]", "unknown key; did you mean severity?"),
    ],
)
def test_a_mistake_says_what_would_be_right(text: str, mistake: str) -> None:
    assert any(mistake in said for said in mistakes(text)), mistakes(text)


def test_all_mistakes_are_said_at_once_in_the_order_of_the_file() -> None:
    text = '[severity]\n"state.replaced" = "none"\n' + acknowledged(rule='"nothing"', reason='"no"')

    assert [mistake.split(" ", 1)[0] for mistake in mistakes(text)] == [
        'severity."state.replaced"',
        "acknowledge[0].rule",
        "acknowledge[0].reason",
    ]


@pytest.mark.parametrize("text", ["[", "a = ", 'a = "\n', "a = 00", "[" * 5_000])
def test_what_is_no_toml_is_said_in_one_line(text: str) -> None:
    with pytest.raises(ExplainedError, match=r"review\.toml is not valid TOML"):
        parse(text)


def test_messages_name_the_file() -> None:
    with pytest.raises(ExplainedError, match=r"other\.toml has 1 mistake"):
        parse("[severities]", file="other.toml")


toml_values = st.sampled_from(
    ["1", '"x"', "true", "[]", "[1]", "{}", "{a = 1}", "2026-01-01", '"state.replaced"']
)
tables = st.sampled_from(["[[acknowledge]]", "[severity]", ""])
keys = st.sampled_from(["rule", "address", "reason", "expires", "stack", "severity", "acknowledge", "x"])


@given(st.lists(st.tuples(keys, toml_values), max_size=4), tables)
def test_any_file_is_settings_or_a_list_of_mistakes(lines: list[tuple[str, str]], table: str) -> None:
    text = "\n".join([table, *(f"{key} = {value}" for key, value in dict(lines).items())])

    try:
        parse(text)
    except ExplainedError as error:
        assert str(error).startswith("review.toml ")  # noqa: PT017  # either outcome is right
