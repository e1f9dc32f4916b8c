"""Synthesis asks Node for no more than it has to: constructs keep what they know."""

import pytest

from tests.node import requests
from tests.settings import demo
from tests.synthesis import synthesise

QUESTIONS = 177
"""What the committed pipeline takes beside creating its resources: references, overrides, the end. Lower it
when it falls; a reference that several resources use is asked for once, and kept."""


def test_the_committed_pipeline_takes_so_many_questions_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    pipeline = demo()

    with requests(monkeypatch) as kinds:
        synthesise(pipeline)

    assert "CreateRequest" in kinds
    assert sum(kind != "CreateRequest" for kind in kinds) <= QUESTIONS
