"""A Node that does not work, and a place without space, end in one message that says what to set."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.constructs_lib.engine.test_bindings import CDK, ROOT

PROGRAM = """
from constructs_lib.stack import App, synthesise
from cdktf import TerraformStack
synthesise(lambda app: TerraformStack(app, "one"))
print("written")
"""


def synthesising(
    directory: Path, program: str = PROGRAM, **environment: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", program],
        cwd=directory,
        env={name: value for name, value in os.environ.items() if name not in ("JSII_NODE", "NODE_OPTIONS")}
        | {"PYTHONPATH": str(ROOT)}
        | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


NODES = {
    "exit 3": "Node ended with exit code 3",
    "kill -9 $$": "Node was ended by SIGKILL (which also happens if no memory is left)",
    "echo hello; cat >/dev/null": "Node answers with 'hello', which is not jsii's",
    """echo '{"hello":"@jsii/runtime@1.0.0"}'; cat >/dev/null""": (
        "Node does not work: Invalid JSII Runtime Version: '@jsii/runtime@1.0.0'"
    ),
}


@pytest.mark.parametrize("script", NODES)
def test_a_node_that_does_not_work_is_named(script: str, tmp_path: Path) -> None:
    node = tmp_path / "a node"
    node.write_text(f"#!/bin/sh\n{script}\n")
    node.chmod(0o755)

    done = synthesising(tmp_path, JSII_NODE=str(node))

    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == (
        f"error: {NODES[script]}. JSII_NODE is {node}: correct or clear it, then try again"
    )
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("node", ["/nowhere/node", " ", str(ROOT), str(ROOT / "README.md")])
def test_what_is_no_program_is_named(node: str, tmp_path: Path) -> None:
    done = synthesising(tmp_path, JSII_NODE=node)

    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert done.stderr.startswith("error: Node cannot be started: ")
    assert f"JSII_NODE is {node}: correct or clear it" in done.stderr


def test_options_that_node_refuses_are_named(tmp_path: Path) -> None:
    done = synthesising(tmp_path, NODE_OPTIONS="--no-such-option")

    assert done.returncode == 1
    assert done.stderr.endswith(
        "error: Node ended with exit code 9. NODE_OPTIONS is --no-such-option: correct or clear it,"
        " then try again\n"
    )
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "variables",
    [
        {"JSII_NODE": "", "NODE_OPTIONS": "", "TMPDIR": "", "ENGINE": ""},
        {"NODE_OPTIONS": " some.js ", "ENGINE": f" {CDK.core.upper()} "},
        {"TMPDIR": "/nowhere"},
        {"TMPDIR": "."},
        {"TMPDIR": str(ROOT / "README.md")},
    ],
    ids=str,
)
def test_what_can_be_understood_just_works(variables: dict[str, str], tmp_path: Path) -> None:
    done = synthesising(tmp_path, **variables)

    assert (done.returncode, done.stdout, done.stderr) == (0, "written\n", "")


KILLED = """
from jsii._runtime import kernel

def build(app):
    stack = TerraformStack(app, "one")
    stack.node.id
    node = kernel.provider._process._process
    node.kill()
    node.wait()
    TerraformStack(app, "two")
    stack.node.path

synthesise(build)
"""


def test_a_node_that_is_killed_later_is_one_message_and_nothing_is_written(tmp_path: Path) -> None:
    done = synthesising(tmp_path, PROGRAM.partition("synthesise(lambda")[0] + KILLED)

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        "error: Node was ended by SIGKILL (which also happens if no memory is left). Try again; if it fails"
        " again, delete the virtual environment and run `make setup`\n"
    )
    assert list(tmp_path.iterdir()) == []


def test_a_node_that_is_killed_before_it_was_needed_is_replaced(tmp_path: Path) -> None:
    """What it had not answered is not waited for."""
    program = PROGRAM.replace(
        "from cdktf import",
        "from jsii._runtime import kernel\nimport cdktf\nnode = kernel.provider._process._process\n"
        "node.kill()\nnode.wait()\nfrom cdktf import",
    )

    done = synthesising(tmp_path, program)

    assert (done.returncode, done.stdout) == (0, "written\n")
    assert "Node was ended by SIGKILL" in done.stderr
    assert "it is started again, in the normal mode" in done.stderr


def test_an_interruption_while_it_loads_is_one_word(tmp_path: Path) -> None:
    done = synthesising(tmp_path, "import constructs_lib\nraise KeyboardInterrupt")

    assert (done.returncode, done.stderr) == (-2, "interrupted\n")


def test_any_other_error_keeps_its_traceback(tmp_path: Path) -> None:
    done = synthesising(tmp_path, "import constructs_lib\nraise ValueError('no such zone')")

    assert done.stderr.startswith("Traceback")
    assert done.stderr.endswith("ValueError: no such zone\n")
