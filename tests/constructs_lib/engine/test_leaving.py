"""A process that leaves early has done all that it would have done, but for Python's own clean-up."""

import os
import subprocess
import sys

import pytest

from tests.constructs_lib.engine.test_bindings import ROOT
from tests.constructs_lib.engine.test_early import ended

PROGRAM = """
import atexit, sys
from constructs_lib.engine.leaving import leave

class Left:
    def __del__(self):
        print("cleaned up")

left = Left()
atexit.register(lambda: print("at exit"))
print("told", end="", file=sys.stderr)
"""
NODE = """
from constructs_lib.stack import App
from jsii._runtime import kernel
App()
print(kernel.provider._process._process.pid)
"""


def leaving(program: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", f"{program}leave(3)"],
        cwd=ROOT,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.mark.parametrize(("eager", "printed"), [("0", "at exit\n"), ("1", "at exit\ncleaned up\n")])
def test_it_ends_with_its_code_after_what_is_registered(eager: str, printed: str) -> None:
    done = leaving(PROGRAM, SLIPWAY_EAGER_BINDINGS=eager)

    assert (done.returncode, done.stdout, done.stderr) == (3, printed, "told")


def test_node_has_ended() -> None:
    done = leaving(PROGRAM + NODE)

    node, registered = done.stdout.splitlines()
    assert (done.returncode, registered) == (3, "at exit")
    assert ended(int(node))
