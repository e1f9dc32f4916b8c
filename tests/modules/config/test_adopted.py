"""adopt.toml: what it says, and every mistake at once."""

from pathlib import Path

import pytest

from modules.config import adopted
from modules.config.problems import SettingsError

GOOD = """
["my-app-prod"]
"aws_vpc.network_vpc" = "vpc-1"
'aws_subnet.own["a"]' = "subnet-1"
"""
BAD = """
stray = "x"
["my-app-prod"]
"aws_vpc" = "vpc-1"
"aws_vpc.a" = 1
"aws_vpc.b" = " "
"aws_vpc.c" = "${file(\\"/etc/passwd\\")}"
"""


def written(directory: Path, text: str | bytes) -> Path:
    file = directory / adopted.FILE
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return file


def test_ids_are_read_by_stack_and_address(tmp_path: Path) -> None:
    assert adopted.load(written(tmp_path, GOOD)) == {
        "my-app-prod": {"aws_vpc.network_vpc": "vpc-1", 'aws_subnet.own["a"]': "subnet-1"}
    }


def test_without_the_file_nothing_is_imported(tmp_path: Path) -> None:
    assert adopted.load(tmp_path / adopted.FILE) == {}


def test_every_mistake_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as error:
        adopted.load(written(tmp_path, BAD))

    lines = str(error.value).splitlines()
    assert lines[0].endswith("adopt.toml has 5 mistakes:")
    assert [line.strip().partition(": ")[0] for line in lines[1:]] == [
        "stray = x",
        "my-app-prod.aws_vpc",
        "my-app-prod.aws_vpc.a = 1",
        "my-app-prod.aws_vpc.b =  ",
        'my-app-prod.aws_vpc.c = ${file("/etc/passwd")}',
    ]


@pytest.mark.parametrize("content", ["not toml", b"\xff\xfe"])
def test_what_is_not_toml_is_refused(tmp_path: Path, content: str | bytes) -> None:
    with pytest.raises(SettingsError, match=r"adopt\.toml is not TOML"):
        adopted.load(written(tmp_path, content))


def test_a_directory_of_that_name_is_refused(tmp_path: Path) -> None:
    (tmp_path / adopted.FILE).mkdir()
    with pytest.raises(SettingsError, match="cannot be read"):
        adopted.load(tmp_path / adopted.FILE)
