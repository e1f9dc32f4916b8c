"""The differences of one resource as rows, and how many were left out."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from plan_review.difference import between, differences, named_place
from plan_review.json_input import json_in
from plan_review.plan import EMPTY, NAMES, UNKNOWN, Difference, NamedPlace, ResourceChange, Value
from plan_review.render import wording
from plan_review.render.line_diff import Run, runs
from plan_review.render.readable import DECODED, readable, sorted_for_readers

CONTAINERS = {dict, list}
LONGEST_LIST = 120  # characters of a list in one line; a longer one has one line per element


@dataclass(frozen=True)
class Row:
    """One attribute's change. before, after: as text; None on a side without a value.

    lines: shown instead, for text of several lines. note: how these were obtained. unit: what one of them is.
    """

    path: str
    before: str | None
    after: str | None
    forces: bool
    lines: tuple[Run, ...] = ()
    note: str = ""
    unit: str = "line"


@dataclass(frozen=True)
class Detail:
    """A resource's rows. more: how many are not shown; unknown: how many are known only after apply."""

    rows: tuple[Row, ...]
    more: int
    unknown: int

    @property
    def left_out(self) -> str:
        """What is not shown, as text; "" if nothing is left out."""
        parts = [f"{self.more:,} more"] if self.more else []
        parts += [f"{self.unknown:,} known after apply"] if self.unknown and (self.rows or self.more) else []
        return f"… and {', '.join(parts)}" if parts else ""


def detail(change: ResourceChange, most: int | None = None) -> Detail:
    """A resource's rows, at most ``most``. One that is destroyed or only moved has none."""
    if change.after is None:
        return Detail((), 0, 0)
    return chosen(differences(change), most, new=change.before is None)


def chosen(found: Iterable[Difference], most: int | None = None, *, new: bool = False) -> Detail:
    """The rows of differences; those that force a replacement come first.

    new: whether they are a new resource's: unknown values are only counted then, and the most informative
    come first.
    """
    wanted = [inner for difference in found for inner in _members(difference) if not _says_nothing(inner)]
    known = [
        difference
        for difference in wanted
        if not new or difference.after is not UNKNOWN or difference.forces_replacement
    ]
    if new:
        known = sorted_for_readers(known)
    known.sort(key=lambda difference: not difference.forces_replacement)
    rows = tuple(map(_row, known[:most]))
    return Detail(rows, len(known) - len(rows), len(wanted) - len(known))


def _members(difference: Difference) -> Iterator[Difference]:
    """A difference split into its members if it is on one side only: a block, or JSON in a text."""
    before, after = _nothing(difference.before), _nothing(difference.after)
    if before is not None and after is not None and {type(before), type(after)} <= CONTAINERS:
        found = list(between(before, after, difference.path))
        if found and (len(found) > 1 or found[0][0] != difference.path):
            for path, old, new in found:
                yield from _members(replace(difference, path=path, before=old, after=new))
            return
    if (before is None) is (after is None):
        yield difference
        return
    value = after if before is None else before
    inner: Any = json_in(value) if isinstance(value, str) else value  # JSON, or a plan's value
    if not isinstance(inner, dict) and not (isinstance(inner, list) and _has_members(inner)):
        yield difference
        return
    named = bool(difference.path) and isinstance(difference.path[-1], NamedPlace)
    for step, member in _steps(inner, named=named):
        place = (*difference.path, step)
        sides = (None, member) if before is None else (member, None)
        yield from _members(replace(difference, path=place, before=sides[0], after=sides[1]))


def _steps(value: dict[str, Value] | list[Value], *, named: bool) -> Iterator[tuple[str | int, Value]]:
    """The members of an object or a list. The name of a named value is left out: it is in the path."""
    if isinstance(value, list):
        yield from ((named_place(place, element), element) for place, element in enumerate(value))
        return
    has_value = named and ("value" in value or "Value" in value)
    yield from ((key, member) for key, member in value.items() if not (has_value and key in NAMES))


def _has_members(values: list[Value]) -> bool:
    """Whether a list is shown by element: if it contains blocks or texts of several lines."""
    return any(
        isinstance(value, dict | list) or (isinstance(value, str) and "\n" in value) for value in values
    )


def _nothing(value: Value) -> Value:
    return None if not isinstance(value, bool) and value in EMPTY else value


def _says_nothing(difference: Difference) -> bool:
    """Whether neither side has a value."""
    return _nothing(difference.before) is None and _nothing(difference.after) is None


def _row(difference: Difference) -> Row:
    path, forces = wording.path(difference.path), difference.forces_replacement
    before, after = _text(difference.before), _text(difference.after)
    if _in_lines(difference, before, after):
        (old, one), (new, other) = readable(before or ""), readable(after or "")
        found = _compared(None if before is None else old, None if after is None else new)
        if any(run.sign != " " for run in found):
            unit = (
                "element"
                if isinstance(difference.before, list) or isinstance(difference.after, list)
                else "line"
            )
            return Row(path, before, after, forces, found, DECODED if one or other else "", unit)
    if before is not None and before == after:
        after = wording.HIDDEN_AND_DIFFERENT
    return Row(path, before, after, forces)


def _compared(before: str | None, after: str | None) -> tuple[Run, ...]:
    """The lines of a text that changes, is added or removed; a final newline is no line of its own."""
    if before is None or after is None:
        text = (after if before is None else before) or ""
        return (Run("+" if before is None else "-", tuple(text.removesuffix("\n").split("\n"))),)
    if before.endswith("\n") and after.endswith("\n"):
        before, after = before[:-1], after[:-1]
    return runs(before, after)


def _text(value: Value) -> str | None:
    """A value as text; a long list has a line for each element."""
    if value is None:
        return None
    if isinstance(value, list) and len(shown := wording.shown(value)) > LONGEST_LIST:
        return "\n".join(map(wording.shown, value)) if len(value) > 1 else shown
    return wording.shown(value)


def _in_lines(difference: Difference, before: str | None, after: str | None) -> bool:
    """Whether a value is shown line by line: text of several lines, a long list, decoded base64."""
    for value, text in ((difference.before, before), (difference.after, after)):
        if text and ("\n" in text or (isinstance(value, str) and readable(text)[1])):
            return True
    return False
