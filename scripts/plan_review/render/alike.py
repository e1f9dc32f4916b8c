"""Changes that many resources share are told once: tags alone, or what another provider's version brings."""

from collections.abc import Iterable
from dataclasses import dataclass

from plan_review.counts import counted
from plan_review.difference import between, canonical, differences, same
from plan_review.plan import EMPTY, UNKNOWN, Action, Difference, ResourceChange, Value

LABELS = frozenset({"tags", "tags_all", "labels", "effective_labels", "terraform_labels"})
FEW_LABELLED, FEW_ALIKE = 3, 5  # resources, from which on they are told together


@dataclass(frozen=True)
class Alike:
    """Resources that change in the same way. changes: in their order. tags: whether it is only tags."""

    changes: tuple[ResourceChange, ...]
    tags: bool

    @property
    def words(self) -> str:
        """How many there are, and what they have in common."""
        resources = counted(len(self.changes), "resource")
        return f"{resources}: {'only tags change' if self.tags else 'all change in the same way'}"

    @property
    def differences(self) -> tuple[Difference, ...]:
        """What changes in them; of tags that are not the same everywhere, those that change anywhere."""
        found: dict[str, Difference] = {}
        for change in self.changes if self.tags else self.changes[:1]:
            for difference in differences(change):
                found.setdefault(
                    canonical([*difference.path, difference.before, difference.after]), difference
                )
        return tuple(found.values())


def together(changes: Iterable[ResourceChange]) -> list[Alike | ResourceChange]:
    """The changes in their order; those that many share stand together, where the first of them would."""
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
    """How a resource changes, as a text that is the same for others that do so; empty if that is its own.

    Texts are compared as a whole: to look for the same change in different documents would take as long as
    the rest of a review.
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
    """What was there, where that is a part of how it changes: not where all become unknown."""
    return None if after is UNKNOWN or (not isinstance(before, bool) and before in EMPTY) else before
