"""The record of a running emulator: told apart from one that was left behind."""

import json
import os
from pathlib import Path

from local.emulator import pid_file
from local.emulator.pid_file import PidFile

HERE = PidFile(pid=os.getpid(), endpoint="http://127.0.0.1:4566", account="123456789012")


def test_a_record_is_read_while_its_writer_lives(tmp_path: Path) -> None:
    with pid_file.publish(tmp_path / "record", HERE):
        assert pid_file.read(tmp_path / "record") == HERE


def test_a_record_whose_writer_is_gone_names_nobody(tmp_path: Path) -> None:
    with pid_file.publish(tmp_path / "record", HERE):
        pass
    assert pid_file.read(tmp_path / "record") is None


def test_nothing_but_the_record_is_written(tmp_path: Path) -> None:
    with pid_file.publish(tmp_path / "record", HERE):
        assert [path.name for path in tmp_path.iterdir()] == ["record"]


def test_a_record_that_is_not_there_names_nobody(tmp_path: Path) -> None:
    assert pid_file.read(tmp_path / "record") is None


def test_a_record_left_behind_stops_nobody_and_is_cleared_away(tmp_path: Path) -> None:
    left_behind = tmp_path / "record"
    left_behind.write_text(json.dumps(vars(HERE)))  # this very process, which must live on
    assert pid_file.stop(left_behind) is False
    assert not left_behind.exists()
