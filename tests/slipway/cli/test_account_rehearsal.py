"""``slipway rehearse --account``: what it refuses before anything is made."""

from pathlib import Path

import pytest

from slipway.account_rehearsal import record
from slipway.account_rehearsal.settings import DIRECTORY
from tests.slipway.account_rehearsal.test_before import RESOURCES, keep_state
from tests.slipway.accounts import emptied
from tests.slipway.commands import ROOT, at_home, slipway


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout's files that are looked at before anything is asked."""
    at_home(monkeypatch)
    for name in ("pipeline.toml", "main.py"):
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("option", ["--yes", "--keep", "--destroy", "--beside-stacks", "--json"])
def test_its_options_are_refused_without_it(checkout: Path, option: str) -> None:
    answer = slipway("rehearse", option)
    assert answer.code == 2
    assert "slipway rehearse --account" in answer.words


def test_what_contradicts_itself_is_refused(checkout: Path) -> None:
    assert slipway("rehearse", "--account", "--yes", "--keep", "--destroy").code == 2


def test_it_asks_or_has_to_be_told(checkout: Path) -> None:
    answer = slipway("rehearse", "--account")
    assert answer.code == 2
    assert "--yes" in answer.words


def test_there_has_to_be_something_to_destroy(checkout: Path) -> None:
    with emptied():
        answer = slipway("rehearse", "--account", "--yes", "--destroy")
    assert answer.code == 2
    assert "no rehearsal to destroy found" in answer.words


def test_an_account_with_the_settings_own_stacks_is_refused_and_nothing_is_kept(checkout: Path) -> None:
    with emptied() as aws:
        keep_state(aws, RESOURCES)
        answer = slipway("rehearse", "--account", "--yes")
    assert answer.code == 1
    assert "--beside-stacks" in answer.words
    assert list((checkout / ".slipway" / DIRECTORY).iterdir()) == []


def test_a_step_that_fails_ends_it_with_its_record_and_how_to_go_on(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Told that it is meant, it begins beside the settings' own stacks; a quota then ends it."""
    monkeypatch.setattr("slipway.aws.quotas.quota", lambda *_: 0)
    with emptied() as aws:
        keep_state(aws, RESOURCES)
        answer = slipway("rehearse", "--account", "--yes", "--beside-stacks", "--json")
        again = slipway("rehearse", "--account", "--yes")
    assert (answer.code, again.code) == (1, 1)
    for words in ("creates ", "the account is not ready", "--destroy", "SLIPWAY_SETTINGS="):
        assert words in answer.words
    kept = record.read(checkout / ".slipway" / DIRECTORY)
    assert kept
    assert [(step.name, step.state) for step in kept.steps] == [("the account", "failed")] * 2
    assert kept.service in again.words
