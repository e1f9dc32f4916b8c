"""What the lint looks at, in a clone and in an archive, and what it says of line ends."""

import re
from pathlib import Path

import lint
import pytest

from tests.settings import DEMO

ROOT = DEMO.parent


def test_an_archive_is_looked_at_as_a_clone_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if not (ROOT / ".git").exists():
        pytest.skip("no package brings it: a clone to hold it against")
    for file in lint.repository_files():
        copy = tmp_path / file.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.touch()
    for made in (".venv/bin/x", "node_modules/x", "build/x", "app/__pycache__/x", "slipway.egg-info/x"):
        (tmp_path / made).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / made).touch()
    in_clone = {file.relative_to(ROOT) for file in lint.repository_files()}
    monkeypatch.setattr(lint, "ROOT", tmp_path)
    assert {file.relative_to(tmp_path) for file in lint.repository_files()} == in_clone


def test_a_checkout_whose_lines_end_in_cr_lf_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lint, "ROOT", tmp_path)
    files = [tmp_path / name for name in ("a.sh", "b.py", "c.png", "d.toml")]
    for file, content in zip(files, (b"a\r\n", b"b\r\n", b"\0\r\n", b"d\n"), strict=True):
        file.write_bytes(content)
    (said,) = lint.carriage_returns(files)
    assert said.startswith("a.sh and 1 more: lines end in CR LF")
    assert "git config core.autocrlf input" in said
    assert list(lint.carriage_returns(files[2:])) == []


def test_every_file_is_checked_out_with_lf() -> None:
    assert "* text=auto eol=lf" in (ROOT / ".gitattributes").read_text().splitlines()


def test_a_phrase_is_found_across_the_end_of_a_line_with_what_to_write(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lint, "ROOT", tmp_path)
    monkeypatch.setattr(lint, "PHRASES", tmp_path / "phrases.toml")
    (tmp_path / "phrases.toml").write_text("[phrases]\n'\\bodd old turn\\b' = \"plain words\"\n")
    lint.listed_phrases.cache_clear()
    file = tmp_path / "a.sh"
    file.write_text("one\n# An Odd old\n# turn.\nfine\n")
    assert list(lint.phrases(file)) == ["a.sh:2: 'Odd old # turn' is hard to understand; write: plain words"]
    lint.listed_phrases.cache_clear()


def test_each_phrase_begins_where_a_word_does() -> None:
    assert [phrase for phrase, _ in lint.listed_phrases() if not re.match(r"\\b[(\w]", phrase.pattern)] == []


def test_what_becomes_part_of_resources_is_not_looked_at() -> None:
    assert list(lint.phrases(ROOT / "constructs_lib" / "user_data.sh")) == []
