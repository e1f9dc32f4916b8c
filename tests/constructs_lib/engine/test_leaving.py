"""A process that leaves early has done all that it would have done."""

import os
import subprocess
import sys

import pytest

from tests.constructs_lib.engine.test_bindings import ROOT

PROGRAM = """
import atexit, sys
from constructs_lib.stack import App, leave
from jsii._runtime import kernel

App()
atexit.register(lambda: print("at exit"))
print(kernel.provider._process._process.pid)
print("told", end="", file=sys.stderr)
leave(3)
"""


def test_it_ends_with_its_code_after_what_is_registered_and_without_node() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], cwd=ROOT, capture_output=True, text=True, check=False, timeout=60
    )

    node, registered = done.stdout.splitlines()
    assert (done.returncode, registered, done.stderr) == (3, "at exit", "told")
    with pytest.raises(ProcessLookupError):
        os.kill(int(node), 0)
