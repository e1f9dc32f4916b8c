"""What ``make bench`` found, as the Markdown of docs/bench.md."""

import os
import platform
import subprocess
import sys
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path

from tests.benchmarks.measure import Run

ENVIRONMENTS = (1, 5, 20, 50)
LAZY, EAGER = "lazy", "eager"
LAZY_COLD, EAGER_COLD = "lazy, package cache empty", "eager, package cache empty"
HELP = "slipway --help"


def growth_name(environments: int) -> str:
    """What the pipeline of so many environments is called in the results."""
    return f"{environments} environments"


def lines(medians: Mapping[str, Run], rounds: int) -> list[str]:
    """The report, in Markdown."""
    return [
        "# How long synthesis takes",
        "",
        f"Written by `make bench`: medians of {rounds} runs, each a process of its own, the cases in turn,",
        "after a run of each that does not count. Time is the whole process, `python main.py` from its",
        "start to its end. Memory is the most that it and its Node processes had at one moment: the sum",
        "of their proportional set sizes, sampled every 100 ms.",
        "",
        machine(),
        "",
        "## The committed pipeline, the AWS bindings lazy and eager",
        "",
        *comparison(medians),
        "",
        "## More environments, lazy",
        "",
        *growth_table(medians),
        "",
        f"`slipway --help`: {medians[HELP].seconds:.2f} s.",
    ]


def machine() -> str:
    """The facts that the numbers depend on."""
    node = Path(sys.executable).with_name("node")
    node_version = subprocess.check_output([node, "--version"], text=True).strip()
    packages = ", ".join(f"{name} {version(name)}" for name in ("cdktf", "cdktf-cdktf-provider-aws", "jsii"))
    return (
        f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, "
        f"Python {platform.python_version()}, Node {node_version.removeprefix('v')}, {packages}."
    )


def comparison(medians: Mapping[str, Run]) -> list[str]:
    """Lazy against eager."""
    rows = [("package cache warm", LAZY, EAGER), ("package cache empty", LAZY_COLD, EAGER_COLD)]
    table = [
        "| | lazy | eager | eager / lazy | lazy memory | eager memory | lazy / eager |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for name, lazy, eager in ((name, medians[lazy], medians[eager]) for name, lazy, eager in rows):
        memory = lazy.mebibytes / eager.mebibytes if eager.mebibytes else float("nan")
        table.append(
            f"| {name} | {lazy.seconds:.2f} s | {eager.seconds:.2f} s "
            f"| **{eager.seconds / lazy.seconds:.1f}×** "
            f"| {lazy.mebibytes:.0f} MiB | {eager.mebibytes:.0f} MiB | **{memory:.2f}** |"
        )
    return table


def growth_table(medians: Mapping[str, Run]) -> list[str]:
    """Time by environments, and what each further one adds: the same everywhere if growth is linear."""
    table = ["| environments | time | each further one | memory |", "| ---: | ---: | ---: | ---: |"]
    for fewer, environments in zip((None, *ENVIRONMENTS), ENVIRONMENTS, strict=False):
        run = medians[growth_name(environments)]
        table.append(
            f"| {environments} | {run.seconds:.2f} s | {further(medians, fewer, environments)} "
            f"| {run.mebibytes:.0f} MiB |"
        )
    return table


def further(medians: Mapping[str, Run], fewer: int | None, environments: int) -> str:
    """What each environment beyond the row before adds, in milliseconds."""
    if fewer is None:
        return ""
    more = medians[growth_name(environments)].seconds - medians[growth_name(fewer)].seconds
    return f"{more / (environments - fewer) * 1000:.0f} ms"
