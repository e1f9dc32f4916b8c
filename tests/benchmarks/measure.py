"""Runs a program in a process of its own, and measures its time and its processes' memory."""

import os
import resource
import statistics
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path

INTERVAL_SECONDS = 0.1
PROC = Path("/proc")


@dataclass(frozen=True)
class Run:
    """What one run took.

    seconds: from the start of the process to its end.
    mebibytes: the most that it and all its descendants had in memory at one moment, sampled every 100
        ms: the sum of their proportional set sizes, in which a page that several processes share
        counts once. 0 on systems without /proc.
    processor: seconds of processor that it and its descendants used, which a busy machine changes less.
    """

    seconds: float
    mebibytes: float
    processor: float = 0.0


@dataclass(frozen=True)
class Case:
    """Something to measure: what starts it, and what it is called in the results."""

    name: str
    command: Sequence[str]
    environment: Callable[[], Mapping[str, str]] = dict


def measure(cases: Sequence[Case], rounds: int, say: Callable[[str], None]) -> dict[str, Run]:
    """The median times of each case over the rounds, and its memory in one more round after them.

    A round before them does not count. The cases take turns, so that whatever else the machine does meets
    all of them alike. Times and memory have rounds of their own: reading the memory of Node stops it for
    milliseconds, ten times a second.
    """
    runs: dict[str, list[Run]] = {case.name: [] for case in cases}
    for number in range(rounds + 2):
        for case in cases:
            run = run_once(case, memory=number > rounds)
            said = f"{run.mebibytes:.0f} MiB" if number > rounds else f"{run.seconds:.2f} s"
            say(f"{number}/{rounds + 1} {case.name}: {said}")
            if number:
                runs[case.name].append(run)
    return {name: summary(each) for name, each in runs.items()}


def summary(runs: Sequence[Run]) -> Run:
    """The medians of all but the last run, which has the memory."""
    *timed, last = runs
    return Run(
        statistics.median(run.seconds for run in timed),
        last.mebibytes,
        statistics.median(run.processor for run in timed),
    )


def run_once(case: Case, *, memory: bool = False) -> Run:
    """Run a case once; a run that fails is an error, for its time would mean nothing.

    memory: whether to measure that, which makes the run slower. Default: no; mebibytes is 0.
    """
    environment = {**os.environ, **case.environment()}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    with tempfile.TemporaryFile("w+") as said:
        used, begun = processor_seconds(), time.perf_counter()
        process = subprocess.Popen(case.command, env=environment, stdout=subprocess.DEVNULL, stderr=said)
        with sampled(process) if memory else nullcontext([0.0]) as samples:
            process.wait()
            seconds = time.perf_counter() - begun
        if process.returncode:
            said.seek(0)
            raise SystemExit(f"bench: {case.name} ended with {process.returncode}:\n{said.read()}")
    return Run(seconds, max(samples), processor_seconds() - used)


def processor_seconds() -> float:
    """What processes that have ended, started from here, have used."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


@contextmanager
def sampled(process: subprocess.Popen[bytes]) -> Iterator[list[float]]:
    """What a process and its descendants have in memory, every so often while the block runs, in MiB.

    At the block's end the process is not running any more, whatever ended the block.
    """
    samples, ended = [0.0], threading.Event()

    def sample() -> None:
        while not ended.wait(INTERVAL_SECONDS):
            samples.append(sum(map(proportional_mebibytes, tree(process.pid))))

    sampler = threading.Thread(target=sample)
    sampler.start()
    try:
        yield samples
    finally:
        process.kill()
        ended.set()
        sampler.join()


def tree(root: int) -> list[int]:
    """A process and all its descendants."""
    found = [root]
    for process in found:  # grows while it is walked
        with suppress(OSError):  # the process ended meanwhile
            for thread in (PROC / str(process) / "task").iterdir():
                with suppress(OSError):  # the thread did
                    found += map(int, (thread / "children").read_text().split())
    return found


def proportional_mebibytes(process: int) -> float:
    """A process's proportional set size; 0 if it has ended, or where there is no /proc."""
    try:
        for line in (PROC / str(process) / "smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1024
    except OSError:
        pass
    return 0.0
