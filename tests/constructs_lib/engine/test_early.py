"""Node is started before jsii is imported, and used if jsii starts the same process."""

import json
import os
import shutil
import signal
from pathlib import Path

import pytest

from tests.constructs_lib.engine.test_bindings import CDK, run

RECORD = Path(".synthesis", "node.json")
IMPORTED = """
import json, os, sys
sys.prefix = {prefix!r}
import constructs_lib
from constructs_lib.engine.pipelined import PipelinedNode
early = PipelinedNode.early._process
"""
USED = f"""
import {CDK.core}
from jsii._runtime import kernel
{CDK.core}.Testing.app()
used = kernel.provider._process._process
print(early is not None, used is early)
"""


def ended(process: int) -> bool:
    """Whether no process has this id."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return True
    return False


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Where jsii has started Node once; the record of that."""
    prefix = tmp_path_factory.mktemp("environment")
    assert run(IMPORTED.format(prefix=str(prefix)) + USED).stdout == "False False\n"
    return prefix, (prefix / RECORD).read_text()


@pytest.fixture
def imported(environment: tuple[Path, str]) -> str:
    """A program that imports constructs_lib in this environment, as it was after that."""
    prefix, record = environment
    (prefix / RECORD).write_text(record)
    return IMPORTED.format(prefix=str(prefix))


@pytest.fixture
def copied(environment: tuple[Path, str], tmp_path: Path) -> str:
    """The same program in a copy of the environment, in tmp_path, which a test may damage."""
    shutil.copytree(environment[0], tmp_path, dirs_exist_ok=True)
    return IMPORTED.format(prefix=str(tmp_path))


def test_jsii_uses_the_node_that_has_been_started(imported: str) -> None:
    done = run(imported + USED)

    assert done.stdout == "True True\n"
    assert done.stderr == ""


def test_another_process_is_started_instead_of_it(imported: str) -> None:
    """Here, because a variable was set after the import."""
    done = run(f"{imported}os.environ['COLOUR'] = 'red'\n{USED}print(early.pid)\n")

    assert done.stdout.splitlines()[0] == "True False"
    assert ended(int(done.stdout.splitlines()[1]))
    assert done.stderr == ""


def test_it_ends_with_a_program_that_does_not_use_it(imported: str) -> None:
    done = run(f"{imported}print(early.pid)\n")

    assert ended(int(done.stdout))


@pytest.mark.parametrize(
    "record",
    [
        "",
        "{}",
        "[]",
        '{"arguments": ["/nowhere/node"], "variables": {}}',
        '{"arguments": 1, "variables": []}',
        '{"arguments": [], "variables": {}}',
        '{"arguments": ["cat"], "variables": {"A": 1}}',
        "[" * 60_000,
        "[" * 60_000 + "]" * 60_000,
        b"\xff\xfe",
    ],
    ids=lambda record: record[:40],
)
def test_a_record_that_cannot_be_used_is_replaced(
    imported: str, environment: tuple[Path, str], record: str | bytes
) -> None:
    prefix, good = environment
    (prefix / RECORD).write_bytes(record if isinstance(record, bytes) else record.encode())

    assert run(imported + USED).stdout == "False False\n"
    assert (prefix / RECORD).read_text() == good


def test_what_replaced_one_is_used(imported: str, environment: tuple[Path, str]) -> None:
    (environment[0] / RECORD).write_text("")

    assert run(imported + USED).stdout == "False False\n"
    assert run(imported + USED).stdout == "True True\n"


@pytest.mark.parametrize("kind", ["pipe", "link to a device", "directory", "no folder"])
def test_what_is_no_record_is_not_read(copied: str, tmp_path: Path, kind: str) -> None:
    record = tmp_path / ".synthesis" / "node.json"
    record.unlink()
    if kind == "pipe":
        os.mkfifo(record)
    elif kind == "link to a device":
        record.symlink_to("/dev/zero")
    elif kind == "directory":
        record.mkdir()
    else:
        record.parent.rename(tmp_path / "elsewhere")
        record.parent.touch()

    assert run(copied + USED).stdout == "False False\n"
    if kind != "no folder":
        assert [path.name for path in record.parent.glob("node.*")] == ["node.json"]


def test_what_the_process_has_started_is_not_waited_for(copied: str, tmp_path: Path) -> None:
    """It keeps the pipes open, for as long as it runs."""
    started, pipe = tmp_path / "started", tmp_path / "pipe"
    os.mkfifo(pipe)
    script = f"cat {pipe} & echo $! > {started}.new; mv {started}.new {started}; wait"
    record = json.dumps({"arguments": ["sh", "-c", script], "variables": {}})
    (tmp_path / ".synthesis" / "node.json").write_text(record)
    waits = f"import time\nwhile not os.path.exists({str(started)!r}): time.sleep(0.01)\n"

    done = run(f"{copied}{waits}{USED}")

    assert done.stdout == "True False\n"
    os.kill(int(started.read_text()), signal.SIGKILL)  # it was still running


@pytest.mark.parametrize("what", ["emptied", "shortened"])
def test_a_damaged_copy_of_jsiis_files_is_not_used(copied: str, tmp_path: Path, what: str) -> None:
    (copy,) = (tmp_path / ".synthesis").glob("jsii-*")
    for file in copy.rglob("*.js"):
        if what == "emptied":
            file.unlink()
        else:
            file.write_text("")

    done = run(copied + USED)

    assert (done.stdout.splitlines()[-1].split()[1], done.stderr.count("does not support")) == ("False", 0)
