"""The results of a demo: each stack's outputs, resources and time; and how to use the emulated AWS."""

import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from local.emulator.process import Emulator
from slipway.console.cdk import cdk
from slipway.console.shell import command_line, export
from slipway.processes.terraform_program import program
from slipway.terraform.workspace import Result

TERRAFORM_SETTINGS = ("TF_CLI_CONFIG_FILE", "TF_PLUGIN_CACHE_DIR")


@dataclass(frozen=True)
class StackReport:
    """One stack: the result of its apply, and its duration in seconds."""

    name: str
    applied: Result
    seconds: float


@dataclass(frozen=True)
class Report:
    """The results of all stacks. directory: of the files; environment: Terraform's; seconds: in total."""

    directory: Path
    environment: Mapping[str, str]
    stacks: tuple[StackReport, ...]
    seconds: float

    @property
    def resources(self) -> int:
        """How many resources were created."""
        return sum(stack.applied.counted.added for stack in self.stacks)


def outputs(report: Report) -> list[str]:
    """The stacks' outputs, as lines."""
    lines: list[str] = []
    for stack in report.stacks:
        values = {name: _text(value) for name, value in stack.applied.outputs.items()}
        width = max((len(name) for name in values), default=0)
        lines += [stack.name, *(f"  {name:<{width}} = {value}" for name, value in values.items()), ""]
    return lines


def show_table(report: Report) -> None:
    """Prints the resources and times of each stack."""
    table = Table(box=None, padding=(0, 2, 0, 0), show_footer=True)
    table.add_column("stack", footer="total", overflow="fold")
    table.add_column("resources", str(report.resources), justify="right")
    table.add_column("changes left", "0", justify="right")
    table.add_column("time", f"{report.seconds:.0f} s", justify="right")
    for stack in report.stacks:
        table.add_row(stack.name, str(stack.applied.counted.added), "0", f"{stack.seconds:.0f} s")
    Console(file=sys.stdout).print(table)


def how_to_go_on(report: Report, emulator: Emulator) -> list[str]:
    """What to paste into a shell to use the emulated AWS that was kept."""
    output = Path(os.path.relpath(report.directory)) / "cdktf.out"
    stack = report.stacks[0].name
    terraform = [
        export(name, report.environment[name]) for name in TERRAFORM_SETTINGS if name in report.environment
    ]
    return [
        f"# The emulated AWS keeps running at {emulator.endpoint}. Point this shell at it:",
        *emulator.shell_lines,
        *terraform,
        "# Then, for example:",
        "aws s3 ls",
        command_line(program(), f"-chdir={output / 'stacks' / stack}", "plan"),
        cdk("diff", stack, "--skip-synth", "--output", output),
        "slipway destroy",
        "# Stop it:",
        "slipway demo --stop",
    ]


def _text(value: object) -> str:
    """A value as Terraform shows it, on one line."""
    return value if isinstance(value, str) else json.dumps(value)
