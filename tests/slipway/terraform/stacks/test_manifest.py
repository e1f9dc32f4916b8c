"""Which stacks a synthesis wrote."""

import asyncio
import json
from pathlib import Path

import pytest

from slipway.console.errors import SlipwayError, UsageError
from slipway.terraform.stacks import manifest
from slipway.terraform.stacks.manifest import SynthesisedStack
from slipway.terraform.stacks.synthesis import synthesise
from tests.waiting import wait_until

ONE = {"name": "a", "workingDirectory": "stacks/a", "dependencies": ["b"], "annotations": []}
WRITES = (
    "import os, pathlib\n"
    f"manifest = {json.dumps({'stacks': {'a': ONE}})!r}\n"
    "pathlib.Path(os.environ['CDKTF_OUTDIR'], 'manifest.json').write_text(manifest)\n"
)


def test_stacks_are_read_with_their_directories_and_what_they_need(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text(json.dumps({"version": "0", "stacks": {"a": ONE}}))
    assert manifest.read(tmp_path) == (SynthesisedStack("a", tmp_path / "stacks" / "a", ("b",)),)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"stacks": {"a": {}}}'])
def test_a_manifest_that_is_none_is_said(tmp_path: Path, text: str) -> None:
    (tmp_path / "manifest.json").write_text(text)
    with pytest.raises(SlipwayError, match="cannot read "):
        manifest.read(tmp_path)


def synthesised(root: Path, main: str) -> tuple[SynthesisedStack, ...]:
    (root / "main.py").write_text(main)
    return asyncio.run(synthesise(root, root / "out"))


def test_main_py_writes_into_our_directory_which_is_emptied_first(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "slipway_override.tf.json").touch()
    assert [stack.name for stack in synthesised(tmp_path, WRITES)] == ["a"]
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["manifest.json"]


INTERRUPTED = """
import os, time
try:
    open("started", "w").close()
    while True:
        time.sleep(60)
finally:
    open("ended", "w").close()
"""


def test_an_interrupted_main_py_may_remove_its_temporary_files(tmp_path: Path) -> None:
    (tmp_path / "main.py").write_text(INTERRUPTED)

    async def interrupt() -> None:
        running = asyncio.ensure_future(synthesise(tmp_path, tmp_path / "out"))
        await asyncio.to_thread(wait_until, (tmp_path / "started").exists, "main.py")
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running

    asyncio.run(interrupt())
    assert (tmp_path / "ended").exists()


def test_bad_settings_are_said_in_main_pys_own_words(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"^pipeline.toml has 1 mistake$"):
        synthesised(tmp_path, "import sys; sys.stderr.write('pipeline.toml has 1 mistake'); sys.exit(2)")


def test_a_crash_is_said_by_the_end_of_its_traceback(tmp_path: Path) -> None:
    with pytest.raises(SlipwayError, match="could not be synthesised") as failure:
        synthesised(tmp_path, "raise ValueError('no such zone')")
    assert failure.value.why.endswith("ValueError: no such zone")
    assert failure.value.then == "run `python main.py` to see the whole traceback"


@pytest.mark.parametrize(
    ("main", "why"),
    [
        ("import sys; sys.exit('warning: a\\nerror: Node ended')", "warning: a\nNode ended"),
        ("import sys; sys.exit(7)", "it ended with exit code 7, without a message"),
    ],
)
def test_another_failure_is_said_in_main_pys_own_words(tmp_path: Path, main: str, why: str) -> None:
    with pytest.raises(SlipwayError, match="could not be synthesised") as failure:
        synthesised(tmp_path, main)
    assert (failure.value.why, failure.value.then) == (why, "")
