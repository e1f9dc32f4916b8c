"""Directories that commands have to themselves."""

from pathlib import Path

from slipway.checkout.workdir import claimed


def test_a_directory_that_is_left_is_used_again_emptied(tmp_path: Path) -> None:
    with claimed(tmp_path, "demo") as first:
        (first / "old").touch()
    with claimed(tmp_path, "demo") as second:
        assert second == first == tmp_path / "demo"
        assert list(second.iterdir()) == []


def test_two_at_the_same_time_get_two(tmp_path: Path) -> None:
    with claimed(tmp_path, "demo") as first, claimed(tmp_path, "demo") as second:
        assert (first.name, second.name) == ("demo", "demo-2")


def test_what_something_still_uses_is_left_alone(tmp_path: Path) -> None:
    with claimed(tmp_path, "demo") as kept:
        (kept / "used").touch()
    with claimed(tmp_path, "demo", in_use=lambda directory: (directory / "used").exists()) as other:
        assert other.name == "demo-2"
    assert (kept / "used").exists()
