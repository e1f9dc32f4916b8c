"""pipeline.toml and review.toml, damaged anywhere: settings, or plain lines; names are names only."""

import re
import tempfile
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from modules.config.load import load, parse, settle
from modules.config.names import Names
from modules.config.problems import SettingsError
from plan_review import settings
from plan_review.errors import ExplainedError
from tests.fuzz.hostile import bounded, damaged, texts
from tests.settings import environment, table

ROOT = Path(__file__).parents[2]
PIPELINE = (ROOT / "pipeline.toml").read_text()
REVIEW = """\
[severity]
"exposure.web" = "medium"

[[acknowledge]]
rule = "state.replaced"
address = "aws_ecr_repository.*"
reason = "The images were copied to the new repository."
expires = 2026-12-24
"""


def in_words(error: SettingsError | ExplainedError) -> None:
    """One line for the file, one for each mistake; nothing that a terminal would take for an order."""
    lines = str(error).splitlines()
    assert lines
    assert all(line.isprintable() for line in lines)
    assert "Traceback" not in str(error)


@bounded(150)
@given(damaged(PIPELINE))
@example("version = " + "9" * 5000)
@example("version = " + "[" * 5000)
def test_a_damaged_pipeline_toml_gives_settings_or_a_message(text: str) -> None:
    try:
        assert Names.of(parse(text)).service
    except SettingsError as error:
        in_words(error)


@bounded(150)
@given(damaged(REVIEW))
@example("severity = " + "9" * 5000)
@example("severity = " + "[" * 5000)
def test_a_damaged_review_toml_gives_settings_or_a_message(text: str) -> None:
    try:
        settings.parse(text)
    except ExplainedError as error:
        in_words(error)


@bounded(100)
@given(st.binary(max_size=60) | damaged(PIPELINE).map(lambda text: text.encode("utf-16")))
def test_a_file_of_any_bytes_gives_a_message(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "pipeline.toml"
        path.write_bytes(content)
        with pytest.raises(SettingsError) as refused:
            load(path)
    in_words(refused.value)


@bounded(200)
@given(texts, texts)
def test_names_in_arns_paths_and_commands_have_only_safe_characters(service: str, name: str) -> None:
    try:
        pipeline = settle(table(service=service, environments=[environment(name=name)]))
    except SettingsError as error:
        in_words(error)
        return
    assert re.fullmatch(r"[a-z][a-z0-9-]*", pipeline.service)
    assert all(re.fullmatch(r"[a-z][a-z0-9-]*", each.name) for each in pipeline.environments)
