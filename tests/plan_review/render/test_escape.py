"""Foreign text obeys nobody: in Markdown, HTML, Mermaid, a terminal, a build's log."""

import html
import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plan_review.render import escape

HOSTILE = [
    "::error::pwned",
    "::set-output name=x::y",
    "##[error]pwned",
    "<script>alert(1)</script>",
    "</details></summary><h1>Approved</h1>",
    "[click](https://evil.example/?q=1)",
    "![](https://evil.example/pixel.png)",
    "`code` ```fence",
    "**bold** _it_ ~~gone~~ $math$ | table |",
    "@everyone @octocat #1 GH-1 octo/repo#1 www.evil.example https://evil.example",
    "--> <!-- slipway review -->",
    "\u202egnp.exe\u202c \u200b \u2066x",
    "a\r\n::error::b\u2028c\x1b[2J\x00",
    '"]; click n0 "javascript:alert(1)"',
    "&lt;b&gt; &#64;x",
]
anything = st.one_of(st.text(), st.sampled_from(HOSTILE), st.builds("{}{}".format, st.text(), st.text()))
ENTITY = re.compile(r"&#\d+;|&nbsp;")


@given(anything)
def test_what_is_shown_is_one_line_without_what_cannot_be_seen(foreign: str) -> None:
    shown = escape.visible(foreign)
    assert len(shown.splitlines()) <= 1
    assert all(unicodedata.category(each) not in escape.HIDDEN for each in shown)


@given(anything)
def test_prose_has_no_character_that_markdown_or_html_reads(foreign: str) -> None:
    rest = ENTITY.sub("", escape.prose(foreign))
    assert not set(rest) & set("<>&`*[]|~#$\\")
    assert not re.search(r"(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])", rest)


@given(anything)
def test_prose_calls_nobody_and_links_nothing(foreign: str) -> None:
    seen = html.unescape(escape.prose(foreign))
    assert not re.search(r"@[A-Za-z0-9]|#\d|\bGH-\d|://|\bwww\.", seen, re.IGNORECASE)


@given(anything)
def test_prose_says_the_same_to_a_reader(foreign: str) -> None:
    seen = html.unescape(escape.prose(foreign)).replace(escape.JOINER, "")
    assert seen == escape.visible(foreign)


@given(anything)
def test_code_cannot_be_left_before_its_end(foreign: str) -> None:
    shown = escape.code(foreign)
    if shown.startswith("`"):
        assert shown.count("`") == 2
    else:
        inner = shown.removeprefix("<code>").removesuffix("</code>")
        assert not set(ENTITY.sub("", inner)) & set("<>&`")


@given(anything)
def test_a_line_in_a_fence_neither_ends_it_nor_is_an_order(foreign: str) -> None:
    line = f"+ {escape.fenced(foreign)}"
    assert len(line.splitlines()) == 1
    assert not re.match(r"\s{0,3}(```|~~~)", line)
    assert "##[" not in line
    assert not line.lstrip().startswith("::")


@given(anything)
def test_html_has_no_tag_and_no_order_in_it(foreign: str) -> None:
    shown = escape.in_html(foreign)
    assert not set(shown) & set("<>\"'")
    assert "::" not in shown
    assert "##[" not in shown
    assert html.unescape(shown) == escape.visible(foreign)


@given(anything)
def test_a_label_cannot_leave_its_quotes(foreign: str) -> None:
    assert not set(re.sub(r"#\d+;", "", escape.label(foreign))) & set('"[]{}<>|;#&`\\\n')


@given(anything)
def test_no_line_for_a_log_is_an_order_to_a_runner(foreign: str) -> None:
    for line in escape.for_terminal(f"why: x\n{foreign}\n   {foreign}").split("\n"):
        assert not line.lstrip().startswith("::")
        assert "##[" not in line
        assert "\x1b" not in line


@pytest.mark.parametrize("plain", ["aws_s3_bucket.logs", "arn:aws:s3:::bucket/key", "30"])
def test_ordinary_names_are_shown_as_they_are(plain: str) -> None:
    assert escape.code(plain) == f"`{plain}`"
    assert escape.fenced(plain) == plain


def test_a_long_value_is_cut_and_says_how_long_it_was() -> None:
    assert escape.cut("x" * 500, 10) == "xxxxxxxxxx… (500 characters)"
    assert escape.cut("x" * 10, 10) == "x" * 10
