"""adopt.toml: what it says, and every mistake at once."""

from pathlib import Path

import pytest

from modules.config import adopted
from modules.config.problems import SettingsError

GOOD = """
["my-app-prod"]
"aws_vpc.network_vpc" = "vpc-1"
'aws_subnet.own["a"]' = "subnet-1"
"aws_eip.a" = { moved_from = 'module.net["a]b.c\\"d"].aws_eip.this[0]' }
"module.net.aws_eip.this" = { destroy = false }
"""
BAD = """
stray = "x"
["my-app-prod"]
"aws_vpc" = "vpc-1"
"aws_vpc.a" = 1
"aws_vpc.b" = " "
"aws_vpc.c" = "${file(\\"/etc/passwd\\")}"
"aws_vpc.d" = { moved_from = "aws_eip.d" }
"aws_vpc.e" = { moved_from = "data.aws_vpc.d" }
"aws_vpc.f" = { moved_from = "aws_vpc.old", destroy = false }
"aws_vpc.g" = { destroy = true }
"aws_vpc.h" = { moved_from = "aws_vpc.old" }
"aws_vpc.i" = { moved_from = "aws_vpc.old" }
"aws_vpc.j[0]" = { destroy = false }
"aws_vpc.k" = " vpc-2"
"aws_vpc.l" = "vpc-3"
"aws_subnet.l" = "vpc-3"
"aws_vpc.m" = "vpc-3"
"aws_vpc.\\u001b" = "\\u001b[31m"
"""


def written(directory: Path, text: str | bytes) -> Path:
    file = directory / adopted.FILE
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return file


def test_lines_become_blocks_in_the_order_of_their_addresses(tmp_path: Path) -> None:
    assert adopted.blocks(adopted.load(written(tmp_path, GOOD))) == {
        "my-app-prod": {
            "import": [
                {"to": 'aws_subnet.own["a"]', "id": "subnet-1"},
                {"to": "aws_vpc.network_vpc", "id": "vpc-1"},
            ],
            "moved": [{"from": 'module.net["a]b.c\\"d"].aws_eip.this[0]', "to": "aws_eip.a"}],
            "removed": [{"from": "module.net.aws_eip.this", "lifecycle": {"destroy": False}}],
        }
    }


def test_without_the_file_nothing_is_imported(tmp_path: Path) -> None:
    assert adopted.load(tmp_path / adopted.FILE) == {}


def test_every_mistake_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as error:
        adopted.load(written(tmp_path, BAD))

    lines = str(error.value).splitlines()
    assert lines[0].endswith("adopt.toml has 15 mistakes:")
    assert [line.strip().partition(": ")[0] for line in lines[1:]] == [
        'stray = "x"',
        "my-app-prod.aws_vpc",
        'my-app-prod."aws_vpc.a" = 1',
        'my-app-prod."aws_vpc.b" = " "',
        'my-app-prod."aws_vpc.c" = "${file(\\"/etc/passwd\\")}"',
        'my-app-prod."aws_vpc.d" = "aws_eip.d"',
        'my-app-prod."aws_vpc.e" = "data.aws_vpc.d"',
        'my-app-prod."aws_vpc.f" = {…}',
        'my-app-prod."aws_vpc.g" = {…}',
        'my-app-prod."aws_vpc.i" = "aws_vpc.old"',
        'my-app-prod."aws_vpc.j[0]"',
        'my-app-prod."aws_vpc.k" = " vpc-2"',
        'my-app-prod."aws_vpc.m" = "vpc-3"',
        'my-app-prod."aws_vpc.\\u001b"',
        'my-app-prod."aws_vpc.\\u001b" = "\\u001b[31m"',
    ]


@pytest.mark.parametrize("content", ["not toml", b"\xff\xfe"])
def test_what_is_not_toml_is_refused(tmp_path: Path, content: str | bytes) -> None:
    with pytest.raises(SettingsError, match=r"adopt\.toml is not TOML"):
        adopted.load(written(tmp_path, content))


def test_a_directory_of_that_name_is_refused(tmp_path: Path) -> None:
    (tmp_path / adopted.FILE).mkdir()
    with pytest.raises(SettingsError, match="cannot be read"):
        adopted.load(tmp_path / adopted.FILE)


def test_lists_in_lists_without_end_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="nested too deeply"):
        adopted.load(written(tmp_path, f"a = {'[' * 100_000}"))
