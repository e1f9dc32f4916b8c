"""Measures synthesis, with the bindings lazy and eager, and writes docs/bench.md.

Every run is a process of its own, from ``python main.py`` to the last file written. ``--rounds`` says
how often each is run (default: 5); one more run of each goes before and does not count, one after them
measures memory. On two idle processors that takes some ten minutes, most of it in eager runs.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from itertools import count
from pathlib import Path

from slipway.console import cdk
from tests.benchmarks.bench_report import (
    ALONE,
    COLD,
    EAGER,
    ENVIRONMENTS,
    HELP,
    LAZY,
    engine_name,
    growth_name,
    lines,
)
from tests.benchmarks.measure import Case, measure

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
REPORT = ROOT / "docs" / "bench.md"


def main() -> None:
    """Measure everything, print the report and keep it."""
    parser = argparse.ArgumentParser(description="Measure synthesis into docs/bench.md.")
    parser.add_argument("--rounds", type=int, default=5, help="how often each is run; 5")
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory(prefix="slipway-bench-") as scratch:
        cases = [
            *engines(Path(scratch)),
            *growth(Path(scratch)),
            Case(HELP, [str(BIN / "slipway"), "--help"]),
        ]
        medians = measure(cases, rounds, say=lambda line: print(line, file=sys.stderr, flush=True))
    report = "\n".join(lines(medians, rounds)) + "\n"
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.write_text(report)
    print(report)


def engines(scratch: Path) -> list[Case]:
    """The committed pipeline by each engine that is installed, lazy and eager, and by JavaScript alone.

    The one that runs this also with an empty package cache.
    """
    cases = []
    for engine, environment in cdk.ENVIRONMENTS.items():
        programs = ROOT / environment / "bin"
        if not (programs / "python").exists():
            continue
        for cache in ("", COLD) if programs == BIN else ("",):
            for name, eager in ((LAZY, "0"), (EAGER, "1")):
                case = synthesis(
                    engine_name(engine, name + cache),
                    scratch,
                    {"ENGINE": engine, "SLIPWAY_EAGER_BINDINGS": eager},
                    cold=bool(cache),
                    python=programs / "python",
                )
                cases.append(case)
        cases.append(javascript_alone(engine, programs, scratch / f"{engine}-alone"))
    return cases


def javascript_alone(engine: str, programs: Path, directory: Path) -> Case:
    """The same resources made by JavaScript, from the packages that jsii unpacked."""
    made = directory / "made"
    made.mkdir(parents=True)
    outside = os.environ | {"ENGINE": engine, "CDKTF_OUTDIR": str(made)}
    subprocess.run([programs / "python", ROOT / "main.py"], env=outside, cwd=ROOT, check=True)
    index = Path((programs.parent / ".indexed").read_text())  # <cache>/@cdktf/provider-aws/<version>/<hash>/…
    cache = index.parents[4]
    for name in (engine, "constructs", f"@{engine}/provider-aws"):
        link = directory / "node_modules" / name
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(max(cache.glob(f"{name}/*/*"), key=lambda path: path.stat().st_mtime))
    node = (programs / "node", "--preserve-symlinks", ROOT / "tests" / "benchmarks" / "floor.js")
    command = [str(each) for each in (*node, engine, directory, made, directory / "out")]
    return Case(engine_name(engine, ALONE), command)


def growth(scratch: Path) -> list[Case]:
    """Pipelines of ever more environments."""
    cases = []
    for environments in ENVIRONMENTS:
        settings = scratch / f"{environments}.toml"
        settings.write_text(pipeline_of(environments))
        cases.append(synthesis(growth_name(environments), scratch, {"SLIPWAY_SETTINGS": str(settings)}))
    return cases


def synthesis(
    name: str,
    scratch: Path,
    environment: Mapping[str, str] | None = None,
    *,
    cold: bool = False,
    python: Path = BIN / "python",
) -> Case:
    """One synthesis, into a folder of its own; a cold one with a package cache of its own as well."""
    numbers = count()

    def of_one_run() -> dict[str, str]:
        folder = scratch / f"{name.replace(' ', '-')}-{next(numbers)}"
        folder.mkdir()
        cache = {"JSII_RUNTIME_PACKAGE_CACHE_ROOT": str(folder / "cache")} if cold else {}
        return {"CDKTF_OUTDIR": str(folder / "out"), **cache, **(environment or {})}

    return Case(name, [str(python), str(ROOT / "main.py")], of_one_run)


def pipeline_of(environments: int) -> str:
    """The committed settings, with as many environments of the simplest kind in place of theirs."""
    shared, _, _ = (ROOT / "pipeline.toml").read_text().partition("[[environments]]")
    tables = (
        f'[[environments]]\nname = "e{number}"\ncidr = "10.{number}.0.0/16"\nplain_http = true\n'
        for number in range(environments)
    )
    return shared + "".join(tables)


if __name__ == "__main__":
    main()
