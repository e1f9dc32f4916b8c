"""Shortens long values: unchanged parts first, changed parts only if there is no room."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from plan_review.counts import counted
from plan_review.render.escape import CUT, cut
from plan_review.render.line_diff import Run, Sign, common_beginning, common_end

CONTEXT_LINES = 3
CONTEXT = 40  # characters shown around a change in a long line
SHORTEST_GAP = 20  # characters; shorter parts are not left out
FEWEST = 10  # the least number of lines shown at each change

CHANGED = {"+": "added", "-": "removed", " ": "unchanged"}


@dataclass(frozen=True)
class Hunk:
    """Lines that are shown, or left out. sign: how they change. left_out: how many are not shown.

    lines: those that are shown; for unchanged lines between changes, all that can be unfolded.
    """

    sign: Sign
    lines: tuple[str, ...]
    left_out: int = 0

    @property
    def words(self) -> str:
        """The number of lines that are not shown."""
        lines = "line" if self.left_out == 1 else "lines"
        return f"{CUT} {self.left_out:,} more {lines} {CHANGED[self.sign]}"

    @property
    def unchanged(self) -> str:
        """The number of unchanged lines that are folded."""
        return f"{CUT} {counted(self.left_out or len(self.lines), 'line')} unchanged"


def pair(before: str, after: str, longest: int) -> tuple[str, str]:
    """An old and a new value in one line each; their common beginning and end are shortened first."""
    if max(len(before), len(after)) <= longest:
        return before, after
    begins = common_beginning(before, after)
    ends = common_end(before, after, min(len(before), len(after)) - begins)
    start, rest = max(0, begins - CONTEXT), max(0, ends - CONTEXT)
    start, rest = (size if size >= SHORTEST_GAP else 0 for size in (start, rest))
    head = f"{CUT} ({start:,} characters) " if start else ""
    tail = f" {CUT} ({rest:,} characters)" if rest else ""
    first, second = (cut(value[start : len(value) - rest], longest) for value in (before, after))
    return f"{head}{first}{tail}", f"{head}{second}{tail}"


def summary(runs: Sequence[Run], unit: str = "line") -> str:
    """The number of lines as text: ``2 lines added, 1 removed``. unit: what a line is."""
    added, removed = (sum(len(run.lines) for run in runs if run.sign == sign) for sign in "+-")
    if not added or not removed:
        return f"{counted(added or removed, unit)} {'added' if added else 'removed'}"
    return f"{counted(added, unit)} added, {removed:,} removed"


def hunks(runs: Sequence[Run], most: int) -> Iterator[Hunk]:
    """At most ``most`` changed lines, with unchanged lines around them.

    Unchanged lines between changes are all included; the caller folds them or leaves them out.
    """
    places = [run for run in runs if run.sign != " "]
    whole = sum(len(run.lines) for run in places) <= most
    left, seen = most, 0
    rest: Counter[Sign] = Counter()
    for place, run in enumerate(runs):
        if left <= 0:
            rest[run.sign] += len(run.lines)
        elif run.sign == " ":
            yield from _around(run, first=place == 0, last=place == len(runs) - 1)
        else:
            room = max(left // (len(places) - seen), FEWEST)
            shown = run.lines if whole else run.lines[:room]
            yield Hunk(run.sign, shown, len(run.lines) - len(shown))
            left, seen = left - len(shown), seen + 1
    yield from (Hunk(sign, (), number) for sign, number in sorted(rest.items()) if sign != " " and not whole)


def _around(run: Run, *, first: bool, last: bool) -> Iterator[Hunk]:
    """Unchanged lines: those next to a change, and those between, which have left_out set."""
    lines = run.lines
    before = 0 if first else CONTEXT_LINES
    after = 0 if last else CONTEXT_LINES
    if len(lines) <= before + after + 1:
        yield Hunk(" ", lines)
        return
    end = len(lines) - after
    if before:
        yield Hunk(" ", lines[:before])
    yield Hunk(" ", lines[before:end], end - before)
    if after:
        yield Hunk(" ", lines[end:])


def shortened(runs: Sequence[Run], longest: int) -> list[Run]:
    """The same runs with long lines shortened; a changed line keeps the part that differs."""
    found: list[Run] = []
    for place, run in enumerate(runs):
        if all(len(line) <= longest for line in run.lines):
            found.append(run)
            continue
        other = runs[place + 1] if run.sign == "-" and place + 1 < len(runs) else None
        if run.sign == "+" and place and runs[place - 1].sign == "-":
            other = runs[place - 1]
        paired = other.lines if other and len(other.lines) == len(run.lines) and other.sign != " " else ()
        lines = [cut(line, longest) for line in run.lines]
        if paired:
            both = zip(run.lines, paired, strict=True)
            lines = [pair(mine, theirs, longest)[0] for mine, theirs in both]
        found.append(Run(run.sign, tuple(lines)))
    return found
