"""The report of a demo on the stacks that it has applied."""

import shlex
import subprocess
from pathlib import Path

import pytest

from local.demo.report import Report, StackReport, how_to_go_on, outputs
from local.emulator.process import Emulator
from slipway.console import cdk
from slipway.terraform.events import Counted
from slipway.terraform.workspace import Result


def report() -> Report:
    """Two stacks: one with outputs of two lengths, one without any."""
    foundation = Result(Counted("apply", added=3), {"url": "http://a", "repository": "b"})
    prod = Result(Counted("apply", added=4), {})
    stacks = (StackReport("foundation", foundation, 1.0), StackReport("prod", prod, 2.0))
    return Report(Path(), {}, stacks, 3.0)


def test_outputs_are_shown_below_their_stack_in_columns() -> None:
    assert outputs(report()) == [
        "foundation",
        "  url        = http://a",
        "  repository = b",
        "",
        "prod",
        "",
    ]


@pytest.mark.parametrize("name", ["plain", "with a space", "it's", "$HOME", "`id`", 'a"b'])
def test_how_to_go_on_can_be_pasted_wherever_the_checkout_lies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    process = subprocess.Popen(["true"], stdin=subprocess.PIPE)
    emulator = Emulator("http://127.0.0.1:1", "000000000000", "eu-central-1", tmp_path, process)
    file = str(tmp_path / name / "terraform.rc")
    lines = how_to_go_on(
        Report(tmp_path / name, {"TF_CLI_CONFIG_FILE": file}, report().stacks, 1.0), emulator
    )
    process.communicate()
    words = [shlex.split(line) for line in lines if not line.startswith("#")]
    assert ["export", f"TF_CLI_CONFIG_FILE={file}"] in words
    assert ["terraform", f"-chdir={name}/cdktf.out/stacks/foundation", "plan"] in words
    diff = cdk.cdk("diff", "foundation", "--skip-synth", "--output", f"{name}/cdktf.out")
    assert shlex.split(diff) in words


def test_the_resources_of_all_stacks_are_counted() -> None:
    assert report().resources == 7
