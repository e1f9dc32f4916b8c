"""adopt.toml as it is written: what is read again, the same bytes, whole or not at all."""

import tomllib
from pathlib import Path

import pytest

from modules.config import adopted
from slipway.adopt import file

IMPORTS: adopted.Adopted = {
    "my-app-prod": {
        "aws_vpc.b": "vpc-1",
        "aws_iam_policy.a": 'arn:aws:iam::1:policy/"é\\',
        "aws_eip.c": {"moved_from": 'module.m["é\\"$${x}"].aws_eip.this[0]'},
        "aws_eip.old": {"destroy": False},
    },
    "my-app-access": {},
}


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / adopted.FILE
    assert file.write(path, IMPORTS)

    assert adopted.load(path) == {"my-app-prod": IMPORTS["my-app-prod"]}
    assert list(tomllib.loads(path.read_text("utf-8"))["my-app-prod"]) == sorted(IMPORTS["my-app-prod"])


def test_the_same_imports_are_not_written_again(tmp_path: Path) -> None:
    path = tmp_path / adopted.FILE
    file.write(path, IMPORTS)

    assert not file.write(path, dict(reversed(list(IMPORTS.items()))))


def test_with_nothing_to_import_the_file_goes(tmp_path: Path) -> None:
    path = tmp_path / adopted.FILE
    file.write(path, IMPORTS)

    assert file.write(path, {"my-app-prod": {}})
    assert list(tmp_path.iterdir()) == []
    assert not file.write(path, {})


def test_an_interrupted_write_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / adopted.FILE
    file.write(path, IMPORTS)
    before = path.read_text("utf-8")

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", killed)
    with pytest.raises(KeyboardInterrupt):
        file.write(path, {"my-app-prod": {"aws_vpc.b": "vpc-2"}})
    assert path.read_text("utf-8") == before
