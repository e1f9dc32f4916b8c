"""The quick look at a text, whether a name in it may tell of a secret, overlooks none that does."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plan_review.secrets.names import HINTS, KINDS, may_name_secret


@pytest.mark.parametrize("kind", KINDS)
@given(data=st.data())
def test_no_text_with_a_name_that_tells_of_a_secret_is_overlooked(kind: str, data: st.DataObject) -> None:
    name = data.draw(st.from_regex(re.compile(KINDS[kind], re.ASCII), fullmatch=True))
    assert may_name_secret(f"export {name.lower()}=x")


def test_a_text_without_any_name_that_tells_needs_no_look() -> None:
    assert not may_name_secret("arn:aws:s3:::shop/orders?version=3")


@pytest.mark.parametrize("hint", HINTS)
def test_each_hint_is_of_a_kind(hint: str) -> None:
    assert any(hint in words for words in KINDS.values())
