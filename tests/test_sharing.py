"""What workers share is made once, and nobody can spoil it for the others."""

from pathlib import Path

import pytest

from tests.sharing import made_once, shared_in


def test_it_is_made_once_and_everybody_gets_a_copy_to_change(tmp_path: Path) -> None:
    made: list[list[int]] = []

    def make() -> list[int]:
        made.append([1])
        return made[-1]

    with shared_in(tmp_path):
        made_once("numbers", make).append(2)
        assert made_once("numbers", make) == [1]
    assert len(made) == 1


def test_what_failed_is_tried_again_by_the_next(tmp_path: Path) -> None:
    with shared_in(tmp_path):
        with pytest.raises(ZeroDivisionError):
            made_once("number", lambda: 1 // 0)
        assert made_once("number", lambda: 1) == 1


def test_another_run_makes_it_anew(tmp_path: Path) -> None:
    for number in (1, 2):
        directory = tmp_path / f"{number}"
        directory.mkdir()
        with shared_in(directory):
            assert made_once("number", lambda number=number: number) == number  # type: ignore[misc]  # its default
