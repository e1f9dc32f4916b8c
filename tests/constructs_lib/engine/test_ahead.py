"""Python goes on while Node makes resources; a resource that cannot be made is told of where it is made."""

import pytest

from tests.constructs_lib.engine.test_bindings import CDK, run

HEAD = """
import sys
from constructs_lib.stack import synthesise
from cdktf import TerraformStack
from cdktf_cdktf_provider_aws.provider import AwsProvider
from cdktf_cdktf_provider_aws.sqs_queue import SqsQueue
from jsii._runtime import kernel

node = kernel.provider._process
builds = 0

def begin(app):
    global builds
    builds += 1
    stack = TerraformStack(app, "stack")
    AwsProvider(stack, "aws")
    return stack

"""
WRITTEN = """
from pathlib import Path
import json
written = json.loads(Path("{directory}/stacks/stack/cdk.tf.json").read_text())
print(sorted(written["resource"]["aws_sqs_queue"]), builds)
"""


@pytest.fixture
def directory(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(tmp_path_factory.mktemp("out"))


def test_python_goes_on_while_resources_are_made(directory: str) -> None:
    done = run(
        f"{HEAD}"
        "def build(app):\n"
        "    stack = begin(app)\n"
        "    for name in 'abc':\n"
        "        SqsQueue(stack, name)\n"
        "    print('unread', len(node._unread))\n"
        "synthesise(build)\n"
        f"{WRITTEN.replace('{directory}', directory)}",
        CDKTF_OUTDIR=directory,
    )

    assert done.stdout == "unread 5\n['a', 'b', 'c'] 1\n"
    assert done.stderr == ""


def test_what_cannot_be_made_is_an_error_of_the_line_that_makes_it(directory: str) -> None:
    done = run(
        f"{HEAD}"
        "import traceback\n"
        "def build(app):\n"
        "    stack = begin(app)\n"
        "    SqsQueue(stack, 'twice')\n"
        "    SqsQueue(stack, 'twice')  # this line\n"
        "    for name in 'abc':\n"
        "        SqsQueue(stack, name)\n"
        "try:\n"
        "    synthesise(build)\n"
        "except RuntimeError as error:\n"
        "    print('twice' in str(error), builds)\n"
        "    frames = traceback.extract_tb(error.__traceback__)\n"
        "    print([frame.lineno for frame in frames if frame.name == 'build'])\n",
        CDKTF_OUTDIR=directory,
    )

    line = HEAD.count("\n") + 5
    assert done.stdout.splitlines()[0] == "True 2"
    assert done.stdout.splitlines()[-1] == f"[{line}]"


def test_a_resource_that_goes_by_another_name_is_waited_for(directory: str) -> None:
    """As with a jsii that numbers its objects in another way: the same stacks, and a warning."""
    done = run(
        f"{HEAD}"
        "def build(app):\n"
        "    stack = begin(app)\n"
        "    if builds == 1:\n"
        "        node._known_number += 1\n"
        "    SqsQueue(stack, 'a')\n"
        "synthesise(build)\n"
        f"{WRITTEN.replace('{directory}', directory)}",
        CDKTF_OUTDIR=directory,
    )

    assert done.stdout == "['a'] 2\n"
    assert "about seven tenths of a second more" in done.stderr
    assert done.stderr.count("Warning") == 1


def test_where_node_calls_python_back_each_resource_is_waited_for(directory: str) -> None:
    done = run(
        f"{HEAD}"
        "class Own(TerraformStack):\n"
        "    def _allocate_logical_id(self, element):\n"
        "        return 'own'\n"
        "def build(app):\n"
        "    global builds\n"
        "    builds += 1\n"
        "    stack = Own(app, 'stack')\n"
        "    AwsProvider(stack, 'aws')\n"
        "    SqsQueue(stack, 'a')\n"
        "    print('unread', len(node._unread))\n"
        "synthesise(build)\n"
        f"{WRITTEN.replace('{directory}', directory)}",
        CDKTF_OUTDIR=directory,
    )

    assert done.stdout == "unread 0\n['own'] 1\n"


def test_more_resources_than_answers_that_may_wait_are_made(directory: str) -> None:
    done = run(
        f"{HEAD}"
        "def build(app):\n"
        "    stack = begin(app)\n"
        "    for number in range(1500):\n"
        "        SqsQueue(stack, f'queue-{number}', name='x' * 80)\n"
        "    print(len(node._unread) <= 100)\n"
        "synthesise(build)\n"
        "print(builds)\n",
        CDKTF_OUTDIR=directory,
    )

    assert done.stdout == "True\n1\n"


def test_where_jsii_is_used_as_it_is_each_resource_is_waited_for(directory: str) -> None:
    """``synthesise`` does the same there."""
    done = run(
        f"import {CDK.core}\n{CDK.core}.Testing.app()\n{HEAD}"
        "def build(app):\n"
        "    SqsQueue(begin(app), 'a')\n"
        "synthesise(build)\n"
        f"{WRITTEN.replace('{directory}', directory)}",
        CDKTF_OUTDIR=directory,
    )

    assert done.stdout == "['a'] 1\n"
