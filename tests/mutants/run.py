"""Breaks the product on purpose, one breakage at a time, and says whether the tests named for it fail.

``make mutants`` runs it; ``ARGS="-k NAME"`` chooses. The breakages ("mutants") stand in mutants.toml beside
this file. Each is made in a copy of the tree of its own, never in the checkout. A mutant is

- killed if every test that it names fails with it, and passes without it;
- SURVIVED if one of them passes with it: then the test does not hold what it is named for;
- an ERROR if nothing can be said: its old text is not in its file exactly once, the new text is no
  Python or shell, a test fails or is skipped without the mutant, or pytest ends in another way than by
  a test that passed or failed, for example because a file cannot be collected.

Exit code: 0 if all were killed, 1 if one survived, 2 if there was an error.
"""

import argparse
import asyncio
import os
import shutil
import signal
import subprocess
import sys
import time
import tomllib
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parents[2]
LIST = "tests/mutants/mutants.toml"
FIELDS = ("breaks", "file", "old", "new", "tests")
BORROWED = (".venv", ".venv-cdktn", "node_modules")
"""What a copy of the tree shares with the checkout: what is installed."""
PACKAGES = ("*/__init__.py", "scripts/*/__init__.py")

SECONDS = 300
"""How long one run of pytest may take."""


class Refused(Exception):
    """Why nothing can be said about a mutant, or about any."""


class Outcome(StrEnum):
    """What became of a mutant."""

    KILLED = "killed"
    SURVIVED = "SURVIVED"
    ERROR = "ERROR"


@dataclass(frozen=True)
class Mutant:
    """One breakage: a text in a file, what stands there instead, and the tests that must fail for it."""

    name: str
    breaks: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...]

    def applied_to(self, text: str) -> str:
        """The text of its file with the breakage in it, which is still Python or shell."""
        found = text.count(self.old)
        if found != 1:
            raise Refused(f"its old text has to be in {self.file} exactly once; it was found {found} times")
        broken = text.replace(self.old, self.new)
        if broken == text:
            raise Refused("its new text is its old text")
        if error := _syntax_error(self.file, broken):
            raise Refused(f"with it {self.file} cannot be read: {error}")
        return broken


@dataclass(frozen=True)
class Verdict:
    """What became of a mutant, and why."""

    mutant: Mutant
    outcome: Outcome
    seconds: float
    why: str


def mutants(root: Path) -> list[Mutant]:
    """The list, in its own order."""
    found = []
    for name, entry in tomllib.loads((root / LIST).read_text()).items():
        if set(entry) != set(FIELDS) or not entry["tests"]:
            raise Refused(f"{LIST}: {name} has to have {', '.join(FIELDS)}, and one test at least")
        for test in entry["tests"]:
            if test.count("::") != 1:
                raise Refused(f"{LIST}: {name}: a test is written path::function, received {test!r}")
        found.append(Mutant(name, **{**entry, "tests": tuple(entry["tests"])}))
    return found


class Laboratory:
    """Runs tests in copies of a tree, each below one directory, which is somebody else's to remove.

    jobs: how many run at a time.
    """

    def __init__(self, root: Path, directory: Path, jobs: int) -> None:
        """Copy what git tracks, or would, as it is now: what is edited meanwhile makes no difference."""
        self.directory = directory
        self.whole = directory / "whole"
        self.free = asyncio.Semaphore(jobs)
        for name in _tracked(root):
            target = self.whole / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(root / name, target, follow_symlinks=False)
        for name in BORROWED:
            if (root / name).exists():
                (self.whole / name).symlink_to(root / name)
        self._check_imports()

    async def baseline(self, tests: Sequence[str]) -> str:
        """What is wrong with tests of the tree as it is; nothing, if empty."""
        try:
            async with self._copy() as tree:
                report = await _run(tree, tests)
        except Refused as refused:
            return str(refused)
        wrong = [test for test in tests if not report.passed(test)]
        return f"does not pass without the mutant: {', '.join(wrong)}" if wrong else ""

    async def verdict(self, mutant: Mutant, baseline: Awaitable[str]) -> Verdict:
        """The result for a mutant; baseline: the failures of its tests without it."""
        wrong = await baseline
        started = time.monotonic()
        try:
            if wrong:
                raise Refused(wrong)
            async with self._copy() as tree:
                started = time.monotonic()
                _break(tree, mutant)
                report = await _run(tree, mutant.tests)
            outcome, why = report.judge(mutant.tests)
        except Refused as refused:
            outcome, why = Outcome.ERROR, str(refused)
        return Verdict(mutant, outcome, time.monotonic() - started, why)

    @asynccontextmanager
    async def _copy(self) -> AsyncIterator[Path]:
        """A copy of the whole tree for one run, when there is room for it: it has no bytecode of another."""
        async with self.free:
            with TemporaryDirectory(dir=self.directory) as directory:
                tree = Path(directory) / "tree"
                shutil.copytree(self.whole, tree, symlinks=True)
                yield tree

    def _check_imports(self) -> None:
        """What is installed leads to the checkout's code; in a copy, the copy's has to come before that."""
        packages = sorted(path.parent.name for top in PACKAGES for path in self.whole.glob(top))
        asked = "import sys, importlib.util as u; [print(u.find_spec(each).origin) for each in sys.argv[1:]]"
        said = subprocess.run(
            [sys.executable, "-c", asked, *packages],
            cwd=self.directory,
            env=_environment(self.whole),
            capture_output=True,
            text=True,
            check=False,
        )
        elsewhere = [line for line in said.stdout.splitlines() if not Path(line).is_relative_to(self.whole)]
        if said.returncode or elsewhere:
            raise Refused(f"a copy's code is not what is imported there: {elsewhere or said.stderr}")


@dataclass(frozen=True)
class Report:
    """How pytest says that tests ended: what it wrote as JUnit's XML, and its last lines."""

    cases: Sequence[ElementTree.Element]
    said: str

    def passed(self, test: str) -> bool:
        """Whether a test passed, in one of its cases at least, and failed in none; some may be skipped."""
        found = [{each.tag for each in case} & {"failure", "error", "skipped"} for case in self._of(test)]
        return set() in found and not any(each - {"skipped"} for each in found)

    def failed(self, test: str) -> str:
        """Why the test, or one of its cases, failed: neither its set-up nor its collection; empty if not."""
        for case in self._of(test):
            if (failure := case.find("failure")) is not None:
                return f"{failure.get('message', '')}".partition("\n")[0][:200] or "failed"
        return ""

    def judge(self, tests: Sequence[str]) -> tuple[Outcome, str]:
        """Whether tests were killed; raises Refused if one of them neither passed nor failed."""
        kept = [test for test in tests if not self.failed(test)]
        if not kept:
            return Outcome.KILLED, "\n".join(self.failed(test) for test in tests)
        if not all(map(self.passed, kept)):
            raise Refused(f"neither passed nor failed: {', '.join(kept)}\n{self.said}")
        return Outcome.SURVIVED, f"passed with it: {', '.join(kept)}"

    def _of(self, test: str) -> Iterator[ElementTree.Element]:
        path, function = test.split("::")
        for case in self.cases:
            name = case.get("name", "")
            if case.get("file") == path and (name == function or name.startswith(f"{function}[")):
                yield case


def _break(tree: Path, mutant: Mutant) -> None:
    file = tree / mutant.file
    if not file.is_file():
        raise Refused(f"there is no {mutant.file}")
    file.write_text(mutant.applied_to(file.read_text()))


async def _run(tree: Path, tests: Sequence[str]) -> Report:
    """Run tests to their end; whatever they have started ends with them, or with us."""
    written = tree.parent / "report.xml"
    options = ["-q", "-p", "no:cacheprovider", "-o", "junit_family=xunit1", f"--junitxml={written}"]
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "pytest", *options, *tests),
        cwd=tree,
        env=_environment(tree),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        output, _ = await asyncio.wait_for(process.communicate(), SECONDS)
    except TimeoutError:
        raise Refused(f"its tests took longer than {SECONDS} s") from None
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()
    said = "\n".join(output.decode(errors="replace").splitlines()[-15:])
    if process.returncode not in (0, 1):
        raise Refused(f"pytest ended with {process.returncode}, so no test was judged:\n{said}")
    return Report(list(ElementTree.parse(written).iter("testcase")), said)


def _environment(tree: Path) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": f"{tree}{os.pathsep}{tree / 'scripts'}"}


def _tracked(root: Path) -> list[str]:
    """Every file that is committed or about to be."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=root, check=True, capture_output=True, text=True).stdout
    return sorted({name for name in listed.split("\0") if name and (root / name).exists()})


def _syntax_error(file: str, text: str) -> str:
    """Any test would fail for a file that cannot even be read."""
    if file.endswith(".py"):
        try:
            compile(text, file, "exec")
        except SyntaxError as error:
            return str(error)
    elif file.endswith(".sh"):
        return subprocess.run(["bash", "-n"], input=text, capture_output=True, text=True, check=False).stderr
    return ""


async def try_out(root: Path, chosen: Sequence[Mutant], jobs: int, show: Callable[[Verdict], None]) -> None:
    """Show the result for each mutant, in order; each set of tests runs once without a mutant before."""
    if task := asyncio.current_task():
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    with TemporaryDirectory(prefix="mutants-") as directory:
        laboratory = Laboratory(root, Path(directory), jobs)
        async with asyncio.TaskGroup() as group:
            baselines = {each.tests: group.create_task(laboratory.baseline(each.tests)) for each in chosen}
            verdicts = [group.create_task(laboratory.verdict(each, baselines[each.tests])) for each in chosen]
            for verdict in verdicts:
                show(await verdict)


def main(arguments: Sequence[str], root: Path = ROOT) -> int:
    """Print one line for each mutant, and a summary."""
    parser = argparse.ArgumentParser(prog="make mutants", description="Breaks the product on purpose.")
    parser.add_argument("-k", metavar="NAME", default="", help="only mutants whose name contains this")
    parser.add_argument("-v", action="store_true", help="also say of killed mutants how their tests failed")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="runs at a time; one a core")
    options = parser.parse_args(arguments)
    counts: Counter[Outcome] = Counter()

    def show(verdict: Verdict) -> None:
        counts[verdict.outcome] += 1
        _show(verdict, options.v)

    started = time.monotonic()
    try:
        chosen = [mutant for mutant in mutants(root) if options.k in mutant.name]
        if not chosen:
            raise Refused(f"no mutant's name contains {options.k!r}")
        print(f"{len(chosen)} mutants; first their tests without them", flush=True)
        asyncio.run(try_out(root, chosen, options.jobs, show))
    except Refused as refused:
        print(f"ERROR: {refused}")
        return 2
    except (KeyboardInterrupt, asyncio.CancelledError):
        print("interrupted; no copy is left behind")
        return 130
    words = ", ".join(f"{counts[each]} {each}" for each in Outcome)
    print(f"{words} in {time.monotonic() - started:.0f} s")
    return 2 if counts[Outcome.ERROR] else 1 if counts[Outcome.SURVIVED] else 0


def _show(verdict: Verdict, also_killed: bool) -> None:
    print(f"{verdict.outcome:8}  {verdict.mutant.name:50} {verdict.seconds:5.1f} s", flush=True)
    if verdict.outcome is not Outcome.KILLED or also_killed:
        said = f"{verdict.mutant.breaks}\n{verdict.why}"
        print("\n".join(f"          {line}" for line in said.splitlines()), flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
