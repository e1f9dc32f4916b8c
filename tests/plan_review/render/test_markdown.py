"""The comment: the riskiest first, within its budget, and nobody's words in it format, call or command."""

import re
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from plan_review.finding import Acknowledged, Severity
from plan_review.iam.permission_change import Kind
from plan_review.plan import UNKNOWN, Action, Difference, Masked, ResourceChange, Value
from plan_review.render import markdown
from plan_review.render.budget import size
from plan_review.review import Review
from tests.plan_review.changes import change, plan
from tests.plan_review.render.reviews import STACK, finding, large, permission, retention, review
from tests.plan_review.render.test_escape import HOSTILE

BUDGET = 65_536
FENCE = re.compile(r"^ {0,3}```", re.MULTILINE)
SHORTENED = "**Shortened**"


def render(given_review: Review, budget: int = BUDGET) -> str:
    return markdown.render(given_review, budget=budget, whole="https://ci.example/runs/1")


def test_it_begins_with_the_mark_by_which_it_is_found_and_the_verdict() -> None:
    lines = render(review(plan(retention()))).splitlines()
    assert lines[0] == "<!-- slipway review -->"
    assert lines[1] == "## 🟡 1 to change in 1 stack"


def test_the_sections_come_in_the_order_of_what_matters() -> None:
    text = render(
        review(
            plan(retention(), drift=[retention(1)]),
            findings=[finding("aws_cloudwatch_log_group.log_0")],
            permissions=[permission("role build may now also s3:GetObject on x")],
        )
    )
    assert re.findall(r"^### (.*)$", text, re.MULTILINE) == [
        "Risks",
        "Permission changes",
        "Changed outside Terraform",
        "Changes",
        "Picture",
    ]


def test_a_section_without_content_is_not_there() -> None:
    assert "###" not in render(review(plan()))


def test_a_risk_says_what_where_why_and_what_to_do() -> None:
    text = render(review(plan(retention()), findings=[finding("aws_cloudwatch_log_group.log_0")]))
    assert "🟠 **the log group keeps its logs 7 days, no more 30**" in text
    assert f"`{STACK}/log/group` · `aws_cloudwatch_log_group.log_0`" in text
    assert "*Why it matters:* what is older is deleted" in text
    assert "*What to do:* keep them, or acknowledge it" in text


def test_an_acknowledged_risk_is_folded_away_with_its_reason() -> None:
    known = Acknowledged("nobody reads them", date(2027, 1, 31))
    text = render(review(plan(retention()), findings=[finding("aws_x.y", acknowledged=known)]))
    fold = text[text.index("<summary>1 risk acknowledged") : text.index("</details>")]
    assert "*Acknowledged, until 2027-01-31:* nobody reads them" in fold


def test_a_change_shows_only_what_differs() -> None:
    text = render(review(plan(retention())))
    assert "-     retention_in_days = 30\n+     retention_in_days = 7\n" in text
    assert "log-0" not in text.replace(f"{STACK}/log-0/group", "").split("### Picture")[0]


def test_what_forces_a_replacement_comes_first_and_is_marked() -> None:
    replaced = change(
        "aws_ecr_repository.images",
        before={"a": 1, "name": "x"},
        after={"a": 2, "name": "y"},
        forced_by=[("name",)],
    )
    text = render(review(plan(replaced)))
    assert text.index("name = x  # forces replacement") < text.index("a = 1")


def test_hidden_values_are_told_apart_and_unknown_ones_named() -> None:
    secret = change(
        "aws_db_instance.x",
        before={"password": Masked("password", 1), "arn": "a"},
        after={"password": Masked("password", 2), "arn": UNKNOWN},
    )
    text = render(review(plan(secret)))
    assert "-     password = (hidden: password)\n+     password = (hidden, different from before)" in text
    assert "-     arn = a\n+     arn = (known after apply)" in text


def test_what_is_unknown_of_a_new_resource_is_only_counted() -> None:
    text = render(review(plan(change("aws_x.y", after={"name": "n", "arn": UNKNOWN}))))
    assert "… and 1 known after apply" in text
    assert "(known after apply)" not in text


def test_permissions_that_are_lost_are_folded_below_those_that_are_gained() -> None:
    text = render(
        review(plan(), permissions=[permission("lost words", Kind.LOST), permission("gained words")])
    )
    assert text.index("gained words") < text.index("Lost and narrowed") < text.index("lost words")


@pytest.mark.parametrize("budget", [markdown.LEAST, 5_000, BUDGET])
def test_a_large_review_keeps_to_its_budget_and_says_what_is_missing_and_where_it_is(budget: int) -> None:
    text = render(large(2_000), budget)
    assert size(text) <= budget
    assert SHORTENED in text
    assert "changes" in text.split(SHORTENED)[1].splitlines()[0]
    assert "https://ci.example/runs/1" in text
    assert "Risks" in text


def test_what_is_risky_stays_longest() -> None:
    text = render(large(2_000), 4_000)
    assert "role build may now also" in text
    assert "`aws_cloudwatch_log_group.log_0`" in text
    assert "graph LR" not in text


def test_a_review_that_fits_is_not_called_shortened() -> None:
    assert SHORTENED not in render(large(5))


def outside_code(text: str) -> str:
    """The comment without fenced blocks and code, where nothing is read as Markdown, nor as a mention."""
    for code in (r"(?ms)^```.*?^```$", r"`[^`\n]*`", r"<code>[^<\n]*</code>"):
        text = re.sub(code, "", text)
    return text


@given(st.one_of(st.text(), st.sampled_from(HOSTILE)))
@example("`@0")
def test_foreign_words_neither_format_nor_call_nor_command_anywhere(foreign: str) -> None:
    hostile = change(
        "aws_x.y",
        before={foreign: foreign, "a": 1},
        after={foreign: f"{foreign}!", "a": 2},
        construct=foreign,
    )
    known = finding(foreign or "x", Severity.BLOCK, what=foreign)
    text = render(review(plan(hostile), findings=[known], permissions=[permission(foreign)], verdict=foreign))
    harmless = render(
        review(
            plan(change("aws_x.y", before={"k": "v", "a": 1}, after={"k": "w", "a": 2}, construct="c")),
            findings=[finding("x", Severity.BLOCK, what="w")],
            permissions=[permission("s")],
            verdict="v",
        )
    )
    tag = re.compile(r"<(?!!--)/?[a-z]+")
    assert set(tag.findall(outside_code(text))) <= {*tag.findall(harmless), "<code", "</code"}
    assert len(FENCE.findall(text)) == len(FENCE.findall(harmless))
    assert len(re.findall(r"^#", text, re.MULTILINE)) == len(re.findall(r"^#", harmless, re.MULTILINE))
    assert not re.search(r"^\s*::", text, re.MULTILINE)
    assert "##[" not in text
    assert not re.search(r"@[A-Za-z0-9]|\]\(", outside_code(text))
    assert text.count("<!-- slipway review -->") == 1 or "`" in text


def test_risks_that_say_the_same_are_said_once_with_every_place() -> None:
    text = render(review(plan(), findings=[finding("aws_x.a"), finding("aws_x.b")]))
    assert "**the log group keeps its logs 7 days, no more 30** (2 resources)" in text
    assert text.count("*Why it matters:*") == 1
    assert text.index("`aws_x.a`") < text.index("`aws_x.b`")


def test_what_one_rule_says_of_several_resources_is_one_card() -> None:
    other = finding("aws_x.c", what="something else", changes=[Difference(("days",), 30, 7, False)])
    text = render(review(plan(), findings=[finding("aws_x.a"), finding("aws_x.b"), other]))
    assert text.count("*Why it matters:*") == 1
    assert "(3 resources)" in text
    assert "30: `my-app-prod/log/group` · `aws_x.a`, `my-app-prod/log/group` · `aws_x.b`\n" in text
    assert "- something else: `my-app-prod/log/group` · `aws_x.c`" in text
    assert "  # aws_x.c\n- days = 30\n+ days = 7" in text


def test_what_is_answered_otherwise_is_another_card() -> None:
    one, other = finding("aws_x.a"), replace(finding("aws_x.b"), answer="switch it off")
    assert render(review(plan(), findings=[one, other])).count("*Why it matters:*") == 2


@pytest.mark.parametrize("number", [400, 5_000])
def test_the_budget_is_spent_across_rules_first(number: int) -> None:
    many = [finding(f"aws_s3_bucket.b{n}", Severity.BLOCK, what=f"bucket {n} goes") for n in range(number)]
    only = replace(finding("aws_x.door", Severity.LOW, what="open to the world"), rule="exposure.web")
    changes = plan(*(retention(n) for n in range(number)))
    shown = [permission(f"role {n} may now do things") for n in range(2_000)]
    text = render(review(changes, findings=[*many, only], permissions=shown))
    assert size(text) <= BUDGET
    assert "open to the world" in text
    assert f"({number:,} resources)" in text
    assert "`aws_s3_bucket.b399`" in text or number > 400
    assert "role 7 may now do things" in text


def shared(number: int, before: Value, after: Value, attribute: str = "region") -> list[ResourceChange]:
    """Resources of several types that all change in one attribute."""
    return [
        change(
            f"aws_{'xyz'[n % 3]}.r{n}", before={"n": n, attribute: before}, after={"n": n, attribute: after}
        )
        for n in range(number)
    ]


@pytest.mark.parametrize("before", [None, "", "old"])
def test_what_an_upgrade_changes_everywhere_in_one_way_is_one_line(before: Value) -> None:
    own = change("aws_lambda_function.f", before={"timeout": 3}, after={"timeout": 900})
    text = render(review(plan(*shared(300, before, "eu-central-1"), own)))
    assert "! ~ 300 resources: all change in the same way\n" in text
    assert text.count("region = eu-central-1") == 1
    assert "aws_x.r0" in text
    assert "and 280 more" in text
    assert "+     timeout = 900" in text


def test_what_becomes_unknown_everywhere_is_one_line_whatever_it_was() -> None:
    changes = [
        change(f"aws_x.r{n}", before={"etag": f"e{n}"}, after={"etag": UNKNOWN}, action=Action.UPDATE)
        for n in range(20)
    ]
    assert "! ~ 20 resources: all change in the same way\n" in render(review(plan(*changes)))


@pytest.mark.parametrize("attribute", ["tags", "tags_all", "labels", "terraform_labels"])
def test_changes_of_tags_alone_are_one_line_even_if_they_are_not_the_same(attribute: str) -> None:
    changes = [
        change(f"aws_x.r{n}", before={attribute: {"v": f"a{n % 2}"}}, after={attribute: {"v": f"b{n % 2}"}})
        for n in range(6)
    ]
    text = render(review(plan(*changes)))
    assert "! ~ 6 resources: only tags change\n" in text
    assert f"{attribute}.v = b1" in text


def test_what_is_replaced_or_changes_in_its_own_way_stays_for_itself() -> None:
    replaced = [replace(each, action=Action.REPLACE) for each in shared(9, "a", "b")]
    own = [change(f"aws_x.o{n}", before={"n": 0}, after={"n": n + 1}) for n in range(9)]
    assert "in the same way" not in render(review(plan(*replaced, *own)))


def test_a_finding_without_values_has_no_fence() -> None:
    changes = [Difference(("arn",), None, "", False)]
    text = render(review(plan(), findings=[finding("aws_x.y", changes=changes)]))
    assert "```" not in text


def test_of_a_new_resource_that_is_unknown_altogether_only_the_name_is_told() -> None:
    text = render(review(plan(change("aws_x.y", after={"arn": UNKNOWN}))))
    assert "+ aws_x.y: created\n```" in text


def test_of_a_new_resource_the_telling_attributes_come_first() -> None:
    rest: dict[str, Value] = {f"a_setting_{letter}": 1 for letter in "abcdefghijklmnop"}
    telling: dict[str, Value] = {
        "instance_type": "m5.24xlarge",
        "name": "miner",
        "user_data": "#!/bin/sh\nmine\n",
        "cidr_blocks": ["0.0.0.0/0"],
        "policy": "everything",
        "tags": {"a": "b"},
    }
    text = render(review(plan(change("aws_x.y", after={**rest, **telling}))))
    shown = text.split("```diff")[1]
    assert all(each in shown for each in ("m5.24xlarge", "miner", "| mine", "0.0.0.0/0", "everything"))
    assert "tags" not in shown
    assert shown.index("name = miner") < shown.index("a_setting_a")


def test_terraforms_own_count_is_explained_where_it_is_another() -> None:
    one = change("aws_x.a", before={"n": 1}, after={"n": 2}, action=Action.REPLACE)
    text = render(review(plan(one, change("aws_x.b", after={"n": 1}))))
    assert "as one to add and one to destroy: 2 to add, 0 to change, 1 to destroy" in text
    assert "Terraform counts" not in render(review(plan(retention())))


def test_a_resource_in_a_module_is_called_by_its_type_in_the_picture() -> None:
    inside = replace(
        change("module.a.module.b.aws_sqs_queue.q", after={"name": "q"}), module="module.a.module.b"
    )
    text = render(
        review(
            plan(
                inside,
                references=[
                    ("module.a.module.b.aws_sqs_queue.q", "module.a.aws_kms_key.k"),
                    ("module.a.module.b.aws_sqs_queue.q", "module.c.data.aws_region.r"),
                ],
            )
        )
    )
    picture = text[text.index("graph LR") :]
    assert all(f"<br/>{each}" in picture for each in ("aws_sqs_queue", "aws_kms_key", "aws_region"))
    assert "<br/>module" not in picture


def test_of_drift_that_applying_leaves_as_it_is_only_the_number_is_told() -> None:
    text = render(review(plan(retention(1), drift=[retention(1), retention(2), retention(3)])))
    drift = text[text.index("### Changed outside") : text.index("### Changes")]
    assert "aws_cloudwatch_log_group.log_1" in drift
    assert "log_2" not in drift
    assert "- `my-app-prod`: 2 resources" in drift


def test_an_import_that_changes_nothing_says_so_and_how_terraform_counts_it() -> None:
    key = change(
        "aws_kms_key.k", before={"deletion_window_in_days": None}, after={"deletion_window_in_days": 30}
    )

    said = render(review(plan(replace(key, imported="key-1"))))

    assert "1 to import, 0 to change, 0 to destroy" in said
    assert "aws_kms_key.k: changed only in the state, imported with the id key-1" in said
    assert (
        "Terraform counts arguments that an import cannot read as a change: "
        "1 to import, 0 to add, 1 to change, 0 to destroy"
    ) in said
