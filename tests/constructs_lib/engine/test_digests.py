"""The digest of a package's archive is remembered as long as the archive is the same file."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.constructs_lib.engine.test_bindings import ROOT

DIGESTS = ROOT / "constructs_lib" / "engine" / "digests.js"
PROGRAM = """
const [digests, archive, ...comments] = process.argv.slice(1);
const { createHash } = require("node:crypto");
const { readFileSync } = require("node:fs");
let read = 0;
const digestOf = () => {
  read += 1;
  return createHash("sha256").update(readFileSync(archive)).digest();
};
const digest = require(digests)(archive, comments, digestOf);
console.log(digest.toString("hex").slice(0, 8), read);
"""
Ask = Callable[..., str]


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    file = tmp_path / "package.tgz"
    file.write_bytes(b"content")
    return file


@pytest.fixture
def ask(tmp_path: Path, archive: Path) -> Ask:
    """Asks for the digest: its beginning, and how often the archive was read."""
    folder = tmp_path / "compiled"
    folder.mkdir()

    def ask(*comments: str, **variables: str) -> str:
        environment = {**os.environ, "NODE_COMPILE_CACHE": str(folder), **variables}
        words = [os.environ.get("JSII_NODE", "node"), "-e", PROGRAM, str(DIGESTS), str(archive), *comments]
        return subprocess.check_output(words, env=environment, text=True).strip()

    return ask


def test_an_archive_is_read_once(ask: Ask) -> None:
    assert [ask(), ask()] == ["ed7002b4 1", "ed7002b4 0"]


def test_an_archive_that_has_changed_is_read_again(ask: Ask, archive: Path) -> None:
    ask()
    before = archive.stat()
    archive.write_bytes(b"another")  # of the same length, and dated back
    os.utime(archive, ns=(before.st_atime_ns, before.st_mtime_ns))

    assert ask().endswith(" 1")


def test_the_versions_of_jsii_and_of_the_package_are_part_of_it(ask: Ask) -> None:
    ask("1.0")

    assert ask("2.0").endswith(" 1")


def test_a_file_without_a_digest_is_replaced(ask: Ask, tmp_path: Path) -> None:
    ask()
    (kept,) = (tmp_path / "compiled").glob("*.digest")
    kept.write_text("half of i")

    assert [ask(), ask()] == ["ed7002b4 1", "ed7002b4 0"]


@pytest.mark.parametrize(
    "variables",
    [
        {"NODE_COMPILE_CACHE": ""},
        {"NODE_COMPILE_CACHE": "/dev/null/nowhere"},
        {"NODE_DISABLE_COMPILE_CACHE": "1"},
    ],
    ids=str,
)
def test_without_a_folder_it_is_read_each_time(ask: Ask, variables: dict[str, str]) -> None:
    assert [ask(**variables), ask(**variables)] == ["ed7002b4 1", "ed7002b4 1"]
