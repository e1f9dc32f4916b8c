"""What else a plan says of a change: why it is made, by which id something is imported, which check fails."""

import json
from dataclasses import replace
from typing import Any

import pytest

from plan_review.finding import Severity
from plan_review.plan import REASONS, Action
from plan_review.plan_reader import read
from plan_review.render import html, markdown
from plan_review.render import json as document
from plan_review.review import Review, ReviewStatus, review
from plan_review.settings import ReviewSettings
from tests.plan_review.changes import change, plan
from tests.plan_review.render import reviews
from tests.plan_review.test_acknowledge import TODAY
from tests.plan_review.test_anybodys import text


def reviewed(content: dict[str, Any]) -> Review:
    return review([read(json.dumps(content), stack="s")], ReviewSettings(), TODAY)


def comment(found: Review) -> str:
    return markdown.render(found, budget=65_536, whole="").replace("\u2060", "")


def with_checks(*checks: dict[str, Any], **more: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    return {"format_version": "1.2", "planned_values": {}, "checks": list(checks), **more}


def check(status: str, *messages: str, kind: str = "check", name: str = "check.health") -> dict[str, Any]:
    address = {"kind": kind, "to_display": name}
    problems = [{"message": message} for message in messages]
    return {
        "address": address,
        "status": status,
        "instances": [{"address": {"to_display": f"{name}[0]"}, "status": status, "problems": problems}],
    }


@pytest.mark.parametrize(
    ("failed", "said"),
    [
        (check("fail", "Website returned 500"), "Check health[0] fails: Website returned 500"),
        (check("error"), "Check health[0] cannot be evaluated"),
        (
            check("fail", "one", "two", kind="resource", name="aws_lb.a"),
            "A condition of aws_lb.a[0] fails: one · two",
        ),
        (check("fail", kind="output_value", name="output.url"), "A condition of output.url[0] fails"),
        (check("fail", "no", kind="var", name="var.size"), "A condition of var.size[0] fails: no"),
        ({"address": {"kind": "check", "to_display": "check.a"}, "status": "fail"}, "Check a fails"),
    ],
)
def test_what_does_not_hold_is_a_risk_with_its_message(failed: dict[str, Any], said: str) -> None:
    (finding,) = reviewed(with_checks(failed, check("pass", "no"), check("unknown", "no"))).findings
    assert (finding.rule, finding.what, finding.severity) == ("plan.check-failed", said, Severity.HIGH)
    assert finding.address


def test_a_check_that_fails_where_nothing_changes_is_no_green_silence() -> None:
    found = reviewed(with_checks(check("fail", "Website returned 500")))
    assert found.verdict == "Nothing to apply in 1 stack, but a check fails"
    assert found.status is ReviewStatus.NOTHING_CHANGES
    for written in (comment(found), html.render(found), document.render(found)):
        assert "Website returned 500" in written


def test_no_secret_is_in_what_a_check_says() -> None:
    secret = "Zq9" + "-told&by-a-check"
    marked = {
        "address": "aws_x.y",
        "type": "aws_x",
        "name": "y",
        "mode": "managed",
        "change": {
            "actions": ["create"],
            "before": None,
            "after": {"weak": secret},
            "after_sensitive": {"weak": True},
        },
    }
    messages = (f"got {secret} from it", "password=Zq9-in-a-message is too short")
    found = reviewed(with_checks(check("fail", *messages), resource_changes=[marked]))
    for written in (comment(found), html.render(found), document.render(found)):
        assert "plan.check-failed" in written
        assert "Zq9" not in written


def imported(importing: dict[str, Any]) -> str:
    content = json.loads(text("import_id"))
    content["resource_changes"][0]["change"]["importing"] = importing
    return comment(reviewed(content))


@pytest.mark.parametrize(
    ("importing", "said"),
    [
        ({"id": "somebody-elses"}, "imported with the id somebody-elses"),
        ({"identity": {"bucket": "b", "region": "r"}}, 'the identity {"bucket": "b", "region": "r"}'),
        ({"unknown": True}, "imported with an id that is known only after apply"),
        ({}, "imported by identity"),
    ],
)
def test_it_is_said_by_which_id_something_is_imported(importing: dict[str, Any], said: str) -> None:
    assert said in imported(importing)


@pytest.mark.parametrize(("reason", "words"), REASONS.items())
def test_it_is_said_why_something_is_done(reason: str, words: str) -> None:
    one = replace(change("aws_x.y", before={"n": 1}, after={"n": 2}, action=Action.REPLACE), reason=reason)
    found = reviews.review(plan(one))
    for written in (comment(found), html.render(found)):
        assert f"because {words}" in written
    assert reason in document.render(found)


def test_it_is_said_what_forces_a_replacement_even_if_it_stays_unknown() -> None:
    one = change(
        "aws_x.y",
        before={"engine": {"name": "a"}, "n": 1},
        after={"engine": {"name": "b"}, "n": 1},
        action=Action.CREATE_BEFORE_DESTROY,
        forced_by=[("engine", "name"), ("zone",)],
    )
    assert "the old one destroyed, forced by engine.name, zone" in comment(reviews.review(plan(one)))


@pytest.mark.parametrize(
    ("name", "value"), [("name", "value"), ("Name", "Value"), ("key", "value"), ("variable", "value")]
)
def test_a_variable_is_told_by_its_name_wherever_it_stands(name: str, value: str) -> None:
    before = [{name: letter, value: letter} for letter in "ABC"]
    after = [{name: "new", value: "1"}, *({name: x, value: x + "2" * (x == "C")} for x in "ACB")]
    for form in (lambda each: each, json.dumps):
        one = change("aws_x.y", before={"environment": form(before)}, after={"environment": form(after)})
        said = comment(reviews.review(plan(one)))
        assert f'-     environment["C"].{value} = C\n+     environment["C"].{value} = C2' in said
        assert f'+     environment["new"].{value} = 1' in said
        assert said.count("environment[") == 3


def test_a_secret_that_is_called_by_its_name_stays_hidden() -> None:
    variables = [
        {"name": "DB_PASSWORD", "value": "Zq9" + "-one"},
        {"name": "gh" + "p_" + "aB3dE5" * 6, "value": "1"},
    ]
    resource = {
        "address": "aws_x.y",
        "type": "aws_x",
        "name": "y",
        "mode": "managed",
        "change": {
            "actions": ["update"],
            "before": {"environment": [{**variable, "value": "old"} for variable in variables]},
            "after": {"environment": variables},
        },
    }
    said = comment(reviewed(with_checks(resource_changes=[resource])))
    assert 'environment["DB_PASSWORD"].value = (hidden' in said
    assert "Zq9" not in said
    assert "aB3dE5aB3dE5" not in said
