"""What ``make bench`` found, as the Markdown of docs/bench.md."""

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
    """What an engine's synthesis is called in the results."""
    return f"{engine}, {name}"


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
        "start to its end. Memory is the most that it and its Node processes had at one moment, in a run",
        "of its own: the sum of their proportional set sizes, sampled every 100 ms.",
        "",
        machine(),
        "",
        "## The committed pipeline, the AWS bindings lazy and eager",
        "",
        "In brackets seconds of processor, which a busy machine changes less. JavaScript alone makes the",
        "same resources with no Python: what no Python that asks jsii for each of them can go below.",
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
    engine = choose_engine()
    assert engine
    names = (engine.core, engine.bindings.replace("_", "-"), "jsii")
    packages = ", ".join(f"{name} {version(name)}" for name in names)
    return (
        f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, "
        f"Python {platform.python_version()}, Node {node_version.removeprefix('v')}, {packages}."
    )


def comparison(medians: Mapping[str, Run]) -> list[str]:
    """Lazy against eager, for each engine that was measured, and against JavaScript alone."""
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
