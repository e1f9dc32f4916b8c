"""The page: whole, of its own, and without a word that a browser would run."""

import re
from dataclasses import fields, is_dataclass, replace
from datetime import date
from enum import Enum
from html import unescape
from html.parser import HTMLParser
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from plan_review.finding import Acknowledged, Severity
from plan_review.plan import Action, Difference, OutputChange
from plan_review.render import html
from plan_review.render.escape import visible
from tests.plan_review.changes import change, plan
from tests.plan_review.render.reviews import finding, large, permission, retention, review
from tests.plan_review.render.test_escape import HOSTILE

VOID = {"meta", "br"}


class Page(HTMLParser):
    """Reads a page as a browser would, and complains of what is not closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[str] = []
        self.open: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [f"{name}={value}" for name, value in attrs]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_every_element_is_closed_and_nothing_is_fetched_or_run() -> None:
    page = Page(html.render(large(30)))
    assert not {"script", "img", "link", "iframe", "object", "base", "form"} & set(page.tags)
    assert "content=default-src 'none'; style-src 'unsafe-inline'" in page.attributes
    assert not [attribute for attribute in page.attributes if "//" in attribute]
    assert not re.search(r"url\(|@import", html.render(large(1)))


def test_it_suits_dark_and_light_and_a_phone() -> None:
    text = html.render(review(plan()))
    assert "prefers-color-scheme: dark" in text
    assert "width=device-width" in text
    assert "@media (max-width: 640px)" in text


def test_it_has_every_change_however_many() -> None:
    text = html.render(large(600))
    assert all(f"aws_cloudwatch_log_group.log_{number}<" in text for number in range(600))


def test_changes_are_folded_by_stack_and_construct() -> None:
    text = html.render(review(plan(retention(1), retention(2))))
    assert text.index("<code>my-app-prod</code>") < text.index("log-1<small>") < text.index("log-2<small>")


def test_sections_without_content_are_not_there() -> None:
    assert "<h2" not in html.render(review(plan()))


def harmless_for(words: str) -> str:
    """Words of as many lines: a text of several is shown line by line."""
    return "\n".join("w" for _ in words.split("\n"))


@given(st.one_of(st.text(), st.sampled_from(HOSTILE), st.sampled_from(["<!--foot-->", "<!--body-->"])))
def test_foreign_words_make_no_element_attribute_or_order(foreign: str) -> None:
    def made_with(words: str) -> str:
        hostile = change(
            "aws_x.y", before={"k": f"{words}a"}, after={"k": f"{words}b"}, construct=f"s/c{words}/r"
        )
        known = finding(f"x{words}", Severity.BLOCK, what=words)
        return html.render(
            review(plan(hostile), findings=[known], permissions=[permission(words)], verdict=words)
        )

    text = made_with(foreign)
    page, harmless = Page(text), Page(made_with(harmless_for(foreign)))
    assert page.tags == harmless.tags
    assert page.attributes == harmless.attributes
    assert not re.search(r"^\s*::|##\[", text, re.MULTILINE)


def with_words(part: Any, words: str) -> Any:  # noqa: ANN401  # a review, or whatever is in one
    """The same with words after every text in it."""
    match part:
        case Enum():
            return part
        case str():
            return part + words
        case tuple():
            return tuple(with_words(each, words) for each in part)
        case dict():
            return {key + words: with_words(each, words) for key, each in part.items()}
    if not is_dataclass(part) or isinstance(part, type):
        return part
    inner = {field.name: getattr(part, field.name) for field in fields(part) if field.init}
    return replace(part, **{name: with_words(each, words) for name, each in inner.items()})


def test_no_text_of_a_review_makes_an_element_or_hides_anything() -> None:
    moved = replace(retention(3), previous_address="aws_x.old", deposed="d", action=Action.REPLACE)
    forced = replace(moved, replace_paths=(("retention_in_days",),))
    shop = plan(forced, retention(2), drift=[retention(1), retention(2)])
    outputs = (OutputChange("s", "url", Action.UPDATE, "old", {"k": "new"}),)
    known = finding("aws_x.b", acknowledged=Acknowledged("because", date(2027, 1, 1)))
    changes = [Difference(("k",), "old", "new", False)]
    whole = review(
        replace(shop, outputs=outputs),
        plan(retention(4), stack="other"),
        findings=[finding("aws_x.a", changes=changes), known, replace(known, construct="", address="")],
        permissions=[permission("role build may")],
    )
    for words in HOSTILE:
        harmless = Page(html.render(with_words(whole, harmless_for(words))))
        text = html.render(with_words(whole, words))
        page = Page(text)
        assert page.tags == harmless.tags
        assert page.attributes == harmless.attributes
        assert text.replace("\n", "").isprintable()
        assert all(visible(line) in unescape(text) for line in words.split("\n"))
        assert not re.search(r"^\s*::|##\[", text, re.MULTILINE)


def test_drift_that_applying_leaves_as_it_is_is_folded_into_one() -> None:
    text = html.render(review(plan(drift=[retention(1), retention(2)])))
    fold = text[text.index("<summary>2 resources that this plan does not touch") :]
    assert fold.index("log_1<") < fold.index("log_2<") < fold.index("<footer>")


def test_risks_that_say_the_same_are_one_card_with_every_place() -> None:
    alike = [finding("aws_x.a"), finding("aws_x.b")]
    text = html.render(review(plan(), findings=alike))
    assert text.count("<article") == 1
    assert text.index("aws_x.a</code></p>") < text.index("aws_x.b</code></p>") < text.index("Why it matters")


def test_what_one_rule_says_of_many_resources_is_one_card_with_each_of_them() -> None:
    many = [finding(f"aws_x.r{number}", what=f"the log {number} is kept 7 days") for number in range(30)]
    text = html.render(review(plan(), findings=many))
    assert text.count("<article") == 1
    assert "<small>30 resources</small>" in text
    assert all(f"<p>the log {number} is kept 7 days</p>" in text for number in range(30))
    assert "<summary>20 more</summary>" in text


def test_changes_that_many_resources_share_are_one_fold_with_each_of_them() -> None:
    shared = [
        change(f"aws_x.r{n}", before={"n": n, "tags": {"v": 1}}, after={"n": n, "tags": {"v": 2}})
        for n in range(40)
    ]
    text = html.render(review(plan(*shared)))
    assert "<summary>40 resources: only tags change</summary>" in text
    assert text.count("tags.v") == 1
    assert all(f"<code>aws_x.r{n}</code>" in text for n in range(40))
