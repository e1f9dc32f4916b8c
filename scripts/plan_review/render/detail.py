"""What differs in one resource, as lines: only what a reader needs, and how much was left out."""

from collections.abc import Iterable
from dataclasses import dataclass

from plan_review.difference import differences
from plan_review.plan import EMPTY, UNKNOWN, Difference, ResourceChange
from plan_review.render import wording


@dataclass(frozen=True)
class Row:
    """One attribute's change. before, after: as text; None where there is nothing on that side."""

    path: str
    before: str | None
    after: str | None
    forces: bool


@dataclass(frozen=True)
class Detail:
    """A resource's rows, and what they do not show: how many more, how many known only after apply."""

    rows: tuple[Row, ...]
    more: int
    unknown: int

    @property
    def left_out(self) -> str:
        """The rest in words; empty if there is none."""
        parts = [f"{self.more:,} more"] if self.more else []
        parts += [f"{self.unknown:,} known after apply"] if self.unknown else []
        return f"… and {', '.join(parts)}" if parts else ""


def detail(change: ResourceChange, most: int) -> Detail:
    """A resource's rows, so many at most. What is destroyed, or only moved, shows none."""
    if change.after is None:
        return Detail((), 0, 0)
    return chosen(differences(change), most, new=change.before is None)


def chosen(found: Iterable[Difference], most: int, *, new: bool = False) -> Detail:
    """The rows of differences, what forces a replacement first.

    new: whether they are a new resource's; of what is not known yet there, only the number is told.
    """
    wanted = [each for each in found if not _says_nothing(each)]
    known = [each for each in wanted if not new or each.after is not UNKNOWN or each.forces_replacement]
    known.sort(key=lambda each: not each.forces_replacement)
    rows = tuple(_row(each) for each in known[:most])
    return Detail(rows, max(0, len(known) - most), len(wanted) - len(known))


def _says_nothing(each: Difference) -> bool:
    """Whether a resource that is made merely has nothing there."""
    return each.before is None and not isinstance(each.after, bool) and each.after in EMPTY


def _row(each: Difference) -> Row:
    if each.before is None or each.after is None:
        before = None if each.before is None else wording.shown(each.before)
        after = None if each.after is None else wording.shown(each.after)
    else:
        before, after = wording.both(each.before, each.after)
    return Row(wording.path(each.path), before, after, each.forces_replacement)
