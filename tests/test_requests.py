"""Synthesis asks Node for no more than it has to: constructs keep what they know."""

import pytest

from tests.node import requests
from tests.settings import demo
from tests.synthesis import synthesise

QUESTIONS = 0.56
"""What each creation may take besides, in the committed pipeline: references, overrides, the end. Lower it
when it falls; a reference that several resources use is asked for once, and kept."""


def test_the_committed_pipeline_takes_about_one_question_for_two_creations(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pipeline = demo()

    with requests(monkeypatch) as kinds:
        synthesise(pipeline)

    created = kinds.count("CreateRequest")
    assert created > 0
    assert (len(kinds) - created) / created <= QUESTIONS
