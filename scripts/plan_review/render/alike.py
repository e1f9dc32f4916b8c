"""Groups changes that many resources share, such as only tags, or those of a new provider version."""

from collections.abc import Iterable
from dataclasses import dataclass

from plan_review.counts import counted
from plan_review.difference import between, canonical, differences, same
from plan_review.plan import EMPTY, UNKNOWN, Action, Difference, ResourceChange, Value

LABELS = frozenset({"tags", "tags_all", "labels", "effective_labels", "terraform_labels"})
FEW_LABELLED, FEW_ALIKE = 3, 5  # the smallest groups: with only tags, with other changes


@dataclass(frozen=True)
class Alike:
    """Resources that change in the same way. changes: in order. tags: whether only tags change."""

    changes: tuple[ResourceChange, ...]
    tags: bool

    @property
    def words(self) -> str:
        """The number of resources, and what they have in common."""
        resources = counted(len(self.changes), "resource")
        return f"{resources}: {'only tags change' if self.tags else 'all change in the same way'}"

    @property
    def differences(self) -> tuple[Difference, ...]:
        """The shared differences; of tags that differ between the resources, those that change anywhere."""
        found: dict[str, Difference] = {}
        for change in self.changes if self.tags else self.changes[:1]:
            for difference in differences(change):
                found.setdefault(
                    canonical([*difference.path, difference.before, difference.after]), difference
                )
        return tuple(found.values())


def together(changes: Iterable[ResourceChange]) -> list[Alike | ResourceChange]:
    """The changes in order; a group stands in the place of its first change."""
    listed = list(changes)
    ways = [_way(change) for change in listed]
    groups: dict[str, list[ResourceChange]] = {}
    for way, change in zip(ways, listed, strict=True):
        groups.setdefault(way, []).append(change)
    found: dict[int, Alike | ResourceChange] = {}
    for way, change in zip(ways, listed, strict=True):
        alike = groups[way]
        if not way or len(alike) < (FEW_LABELLED if way == "tags" else FEW_ALIKE):
            found[id(change)] = change
        elif alike[0] is change:
            found[id(change)] = Alike(tuple(alike), way == "tags")
    return list(found.values())


def _way(change: ResourceChange) -> str:
    """How a resource changes, as a text that is equal for equal changes; "" if it cannot be grouped.

    Texts are compared as a whole: finding the same change in different documents would take as long as the
    rest of a review.
    """
    before, after = change.before, change.after
    if change.action is not Action.UPDATE or change.moved or change.imported:
        return ""
    if not isinstance(before, dict) or not isinstance(after, dict):
        return ""
    names = [name for name in {**before, **after} if not same(before.get(name), after.get(name))]
    if LABELS.issuperset(names):
        return "tags" if names else ""
    found: list[Value] = []
    for name in sorted(names):
        old, new = before.get(name), after.get(name)
        parts = between(old, new, (name,)) if isinstance(old, dict | list) else ((name, old, new),)
        found += [[str(path), _before(one, other), other] for path, one, other in parts]
    return canonical(found)


def _before(before: Value, after: Value) -> Value:
    """The old value, unless all of them become unknown."""
    return None if after is UNKNOWN or (not isinstance(before, bool) and before in EMPTY) else before
