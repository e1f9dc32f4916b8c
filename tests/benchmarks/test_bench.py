"""The measuring tools measure: memory of whole process trees, medians, and the report's ratios."""

import subprocess
import sys
from pathlib import Path

import pytest

from modules.config.load import load
from tests.benchmarks import bench, bench_report, measure
from tests.benchmarks.measure import Case, Run
from tests.waiting import wait_until

BIG = "block = bytearray(80 << 20)\nfor i in range(0, len(block), 4096): block[i] = 1\n"
CHILD = f"{BIG}import sys; sys.stdin.read()"
PARENT = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {CHILD!r}])"


def test_memory_is_that_of_the_whole_tree_of_processes() -> None:
    parent = subprocess.Popen([sys.executable, "-c", PARENT], stdin=subprocess.PIPE)
    with parent, measure.sampled(parent) as samples:
        wait_until(lambda: max(samples) > 80, "a sample with the child's memory")
        parent.communicate()
    assert max(samples) < 200


def test_a_run_takes_from_its_start_to_its_end_and_some_memory() -> None:
    case = Case("sleep", [sys.executable, "-c", "import time; time.sleep(0.3)"])
    run = measure.run_once(case, memory=True)

    assert run.seconds > 0.3
    assert run.mebibytes > 1
    assert measure.run_once(case).mebibytes == 0


def test_a_run_that_fails_ends_the_bench_with_what_it_said() -> None:
    with pytest.raises(SystemExit, match=r"bench: broken ended with 3:\noh no"):
        measure.run_once(
            Case("broken", [sys.executable, "-c", "import sys; print('oh no', file=sys.stderr); sys.exit(3)"])
        )


def test_cases_take_turns_and_neither_the_first_round_nor_the_one_for_memory_counts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    order: list[str] = []
    seconds = iter([100.0, 100.0, 1.0, 10.0, 3.0, 30.0, 2.0, 20.0, 200.0, 200.0])

    def run_once(case: Case, *, memory: bool) -> Run:
        order.append(case.name)
        return Run(next(seconds), 7.0 if memory else 0.0)

    monkeypatch.setattr(measure, "run_once", run_once)
    medians = measure.measure([Case("a", []), Case("b", [])], 3, say=lambda _: None)

    assert order == ["a", "b"] * 5
    assert {name: run.seconds for name, run in medians.items()} == {"a": 2.0, "b": 20.0}
    assert {run.mebibytes for run in medians.values()} == {7.0}


def test_every_synthesis_writes_into_a_folder_of_its_own(tmp_path: Path) -> None:
    case = bench.synthesis("lazy", tmp_path, cold=True)

    first, second = case.environment(), case.environment()

    assert first["CDKTF_OUTDIR"] != second["CDKTF_OUTDIR"]
    assert first["JSII_RUNTIME_PACKAGE_CACHE_ROOT"] != second["JSII_RUNTIME_PACKAGE_CACHE_ROOT"]
    assert Path(first["CDKTF_OUTDIR"]).parent.is_dir()  # cdktf makes the last folder alone


@pytest.mark.parametrize("environments", bench_report.ENVIRONMENTS)
def test_the_pipelines_that_are_measured_are_valid(tmp_path: Path, environments: int) -> None:
    settings = tmp_path / "pipeline.toml"
    settings.write_text(bench.pipeline_of(environments))

    assert len(load(settings).environments) == environments


def test_the_report_shows_ratios_and_what_each_further_environment_adds() -> None:
    medians = {bench_report.HELP: Run(2.0, 100.0)}
    medians |= {bench_report.growth_name(n): Run(1.0 + n * 0.1, 100.0) for n in bench_report.ENVIRONMENTS}
    took = {bench_report.LAZY: Run(2.0, 100.0, 1.0), bench_report.EAGER: Run(25.0, 500.0, 20.0)}
    took |= {bench_report.ALONE: Run(1.0, 80.0, 0.5)}
    took |= {f"{name}{bench_report.COLD}": run for name, run in took.items() if name != bench_report.ALONE}
    medians |= {bench_report.engine_name("cdktn", name): run for name, run in took.items()}

    report = "\n".join(bench_report.lines(medians, 5))

    times = "2.00 s (1.00) | 25.00 s (20.00) | **12.5×** (20.0×) | 100 MiB | 500 MiB | **0.20**"
    assert f"| cdktn | {times} | 1.00 s (0.50) | **2.0×** (2.0×) |" in report
    assert f"| cdktn, package cache empty | {times} | | |" in report
    assert "| cdktf" not in report
    assert "| 20 | 3.00 s | 100 ms | 100 MiB |" in report
    assert "`slipway --help`: 2.00 s." in report
