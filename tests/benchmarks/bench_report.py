"""The results of ``make bench`` as the Markdown of docs/bench.md."""

import os
import platform
import subprocess
import sys
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path

from constructs_lib.engine.either import choose_engine

from tests.benchmarks.measure import Run

ENVIRONMENTS = (1, 5, 20, 50)
ENGINES = ("cdktf", "cdktn")
LAZY, EAGER = "lazy", "eager"
COLD = ", package cache empty"
HELP = "slipway --help"
ALONE = "JavaScript alone"


def engine_name(engine: str, name: str) -> str:
    """The name of an engine's synthesis in the results."""
    return f"{engine}, {name}"


def growth_name(environments: int) -> str:
    """The name of the pipeline with this number of environments in the results."""
    return f"{environments} environments"


def lines(medians: Mapping[str, Run], rounds: int) -> list[str]:
    """The report, in Markdown."""
    return [
        "# How long synthesis takes",
        "",
        f"Written by `make bench`: medians of {rounds} runs, each in a separate process, the cases in turn,",
        "after one run of each that is not counted. Time is that of the whole process, from the start to",
        "the end of `python main.py`. Memory is the maximum of the process and its Node processes together,",
        "in a separate run: the sum of their proportional set sizes, sampled every 100 ms.",
        "",
        machine(),
        "",
        "## The committed pipeline, the AWS bindings lazy and eager",
        "",
        "CPU seconds are in brackets; they depend less on the machine's load. JavaScript alone creates the",
        "same resources without Python: the lower limit for Python code that creates each through jsii.",
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
    """The machine and the versions that the numbers depend on."""
    node = Path(sys.executable).with_name("node")
    node_version = subprocess.check_output([node, "--version"], text=True).strip()
    engine = choose_engine()
    assert engine
    names = (engine.core, engine.bindings.replace("_", "-"), "jsii")
    packages = ", ".join(f"{name} {version(name)}" for name in names)
    return (
        f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, "
        f"Python {platform.python_version()}, Node {node_version.removeprefix('v')}, {packages}."
    )


def comparison(medians: Mapping[str, Run]) -> list[str]:
    """Lazy compared with eager and with JavaScript alone, for each measured engine."""
    titles = ["", "lazy", "eager", "eager / lazy", "lazy memory", "eager memory", "lazy / eager"]
    titles += [ALONE, f"lazy / {ALONE}"]
    cases = [(engine, cache) for engine in ENGINES for cache in ("", COLD)]
    measured = [case for case in cases if engine_name(case[0], LAZY + case[1]) in medians]
    return [
        f"| {' | '.join(titles)} |",
        "| --- |" + " ---: |" * (len(titles) - 1),
        *(_row(medians, *each) for each in measured),
    ]


def _row(medians: Mapping[str, Run], engine: str, cache: str) -> str:
    lazy, eager = (medians[engine_name(engine, each + cache)] for each in (LAZY, EAGER))
    memory = lazy.mebibytes / eager.mebibytes if eager.mebibytes else float("nan")
    alone = medians.get(engine_name(engine, ALONE + cache))
    last = f"{_time(alone)} | {_ratio(lazy, alone)}" if alone else "|"
    return (
        f"| {engine}{cache} | {_time(lazy)} | {_time(eager)} | {_ratio(eager, lazy)} "
        f"| {lazy.mebibytes:.0f} MiB | {eager.mebibytes:.0f} MiB | **{memory:.2f}** | {last} |"
    )


def _time(run: Run) -> str:
    return f"{run.seconds:.2f} s ({run.processor:.2f})"


def _ratio(more: Run, less: Run) -> str:
    processor = more.processor / less.processor if less.processor else float("nan")
    return f"**{more.seconds / less.seconds:.1f}×** ({processor:.1f}×)"


def growth_table(medians: Mapping[str, Run]) -> list[str]:
    """Time by number of environments, and per additional one: the same in all rows if growth is linear."""
    table = ["| environments | time | each additional one | memory |", "| ---: | ---: | ---: | ---: |"]
    for fewer, environments in zip((None, *ENVIRONMENTS), ENVIRONMENTS, strict=False):
        run = medians[growth_name(environments)]
        table.append(
            f"| {environments} | {run.seconds:.2f} s | {further(medians, fewer, environments)} "
            f"| {run.mebibytes:.0f} MiB |"
        )
    return table


def further(medians: Mapping[str, Run], fewer: int | None, environments: int) -> str:
    """The time per environment that the row has more than the row before, in milliseconds."""
    if fewer is None:
        return ""
    more = medians[growth_name(environments)].seconds - medians[growth_name(fewer)].seconds
    return f"{more / (environments - fewer) * 1000:.0f} ms"
