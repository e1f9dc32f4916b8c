"""The review uses no other package of this repository, and needs neither boto3 nor CDKTF."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.slipway.commands import Answer, slipway

ROOT = Path(__file__).parents[2]
PLANS = Path(__file__).parent / "plans"
REFUSED = ("slipway", "modules", "local", "constructs_lib", "botocore", "boto3", "cdktf", "jsii")
ALONE = f"""
import runpy, sys

class Refusing:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {REFUSED!r}:
            raise ImportError(f"the review imports {{name}}")

sys.meta_path.insert(0, Refusing())
runpy.run_module("plan_review", run_name="__main__", alter_sys=True)
"""
SIZE = {"COLUMNS": "100"}


def alone(*arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-c", ALONE, *arguments],
        cwd=PLANS,
        env={"PYTHONPATH": str(ROOT / "scripts"), **SIZE},
        capture_output=True,
        text=True,
        check=False,
    )


def review(*arguments: str) -> Answer:
    return slipway("review", *arguments, directory=PLANS, variables=SIZE)


@pytest.mark.parametrize(
    "arguments",
    [
        ["aws-replace.json"],
        ["aws-secrets.json", "--format", "html"],
        ["aws-update.json", "empty.json", "--format", "json"],
        ["errored.json"],
        ["summaries.json"],
        ["nowhere.json"],
        ["aws-update.json", "--settings", "create.json"],
    ],
    ids=" ".join,
)
def test_it_says_the_same_where_nothing_else_of_ours_can_be_imported(arguments: list[str]) -> None:
    by_itself, as_a_command = alone(*arguments), review(*arguments)
    assert "Traceback" not in by_itself.stderr
    assert by_itself.stdout == as_a_command.data
    assert by_itself.stderr == as_a_command.words
    assert by_itself.returncode == as_a_command.code


def test_its_help_names_the_command_that_was_typed() -> None:
    helped = alone("--help")
    assert helped.returncode == 0
    assert "python -m plan_review network.json app.json" in helped.stdout
    assert "slipway" not in helped.stdout
    assert "slipway review network.json app.json" in review("--help").data


def test_wrong_usage_is_exit_code_1_here_too() -> None:
    assert alone("--colour").returncode == 1
    assert alone().returncode == 1
