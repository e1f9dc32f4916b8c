"""Computes the differences between before and after; JSON in texts is compared as JSON.

In a policy, the order of statements, actions and the like has no meaning, nor does a list of one element.
"""

import json
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from typing import TypeAlias

from plan_review.json_input import Json, json_in
from plan_review.plan import NAMES, Difference, Masked, NamedPlace, Path, ResourceChange, Unknown, Value

# An object with one of these keys is part of a policy, whose lists are sets.
POLICY = frozenset({"Statement", "Effect", "Action", "NotAction", "Principal", "NotPrincipal", "Condition"})

LONGEST_NAME = 80  # characters of an element's name

Place: TypeAlias = tuple[int, Value]  # an element of a list, with its index
Places: TypeAlias = list[Place]


def differences(change: ResourceChange) -> tuple[Difference, ...]:
    """The differences of a change; of a resource that is created or destroyed, each attribute that is set.

    Empty if only the formatting of JSON changes.
    """
    if not change.found:
        found = between(change.before, change.after)
        forcing = change.replace_paths
        change.found.append(
            tuple(Difference(path, before, after, _forces(path, forcing)) for path, before, after in found)
        )
    return change.found[0]


def between(before: Value, after: Value, path: Path = ()) -> Iterator[tuple[Path, Value, Value]]:
    """Each place where two values differ: path, before, after."""
    if same(before, after):
        return
    if isinstance(before, dict) and isinstance(after, dict):
        yield from _objects(before, after, path)
    elif not path and (isinstance(before, dict) or isinstance(after, dict)):
        yield from _one_sided(before, after)
    elif isinstance(before, list) and isinstance(after, list):
        yield from _lists(before, after, path)
    elif isinstance(before, str) and isinstance(after, str):
        yield from _texts(before, after, path)
    else:
        yield path, before, after


def same(one: object, other: object) -> bool:
    """Whether two values are equal as Terraform compares them: true is not 1."""
    return one == other and _same_truths(one, other)


def canonical(value: Value) -> str:
    """The value as text, the same for equal values whatever the order of their keys."""
    return _CANONICAL.encode(value)


def _same_truths(one: object, other: object) -> bool:
    """Whether two values that Python considers equal also agree on booleans: true is not 1."""
    if isinstance(one, dict) and isinstance(other, dict):
        return all(value.__class__ is str or _same_truths(value, other[key]) for key, value in one.items())
    if isinstance(one, list) and isinstance(other, list):
        return all(map(_same_truths, one, other))
    return isinstance(one, bool) == isinstance(other, bool)


def _objects(
    before: dict[str, Value], after: dict[str, Value], path: Path
) -> Iterator[tuple[Path, Value, Value]]:
    for key in (*before, *(key for key in after if key not in before)):
        yield from between(before.get(key), after.get(key), (*path, key))


def _one_sided(before: Value, after: Value) -> Iterator[tuple[Path, Value, Value]]:
    """The attributes of a resource that is created or destroyed."""
    if isinstance(before, dict) and after is None:
        yield from _objects(before, {}, ())
    elif isinstance(after, dict) and before is None:
        yield from _objects({}, after, ())
    else:
        yield (), before, after


def _lists(before: list[Value], after: list[Value], path: Path) -> Iterator[tuple[Path, Value, Value]]:
    """The elements that only one list has; similar elements that are left over are compared in order."""
    old, fresh = _apart(before, after)
    names, new_names = ([canonical(value) for _, value in side] for side in (old, fresh))
    gone, new = _left_over(old, names, new_names), _left_over(fresh, new_names, names)
    if not gone and not new:
        yield path, before, after  # only the order differs, which has a meaning here
        return
    for name, one, other in _paired(gone, new):
        place = other[0] if other else one[0] if one else 0
        step = NamedPlace(place, name) if name else place
        if one and other:
            yield from between(one[1], other[1], (*path, step))
        else:
            yield (*path, step), one[1] if one else None, other[1] if other else None


def named_path(value: Value, path: Path) -> Path:
    """A path within a value, with the names of list elements at their indexes."""
    found: list[str | int] = []
    for step in path:
        if isinstance(value, list) and isinstance(step, int):
            value = value[step] if 0 <= step < len(value) else None
            found.append(named_place(step, value))
        else:
            value = value.get(step) if isinstance(value, dict) and isinstance(step, str) else None
            found.append(step)
    return tuple(found)


def named_place(place: int, element: Value) -> int:
    """An index in a list, with the element's name if it has one."""
    name = _name_of(element)
    return NamedPlace(place, name) if name else place


def _name_of(element: Value) -> str:
    if isinstance(element, dict):
        for key in NAMES:
            name = element.get(key)
            if name.__class__ is str and 0 < len(name) <= LONGEST_NAME:
                return name
    return ""


def _paired(gone: Places, new: Places) -> Iterator[tuple[str, Place | None, Place | None]]:
    """Pairs of elements with the new element's name: by name, then those without a name in order."""
    old, fresh = ([_name_of(element) for _, element in places] for places in (gone, new))
    times, again = Counter(old), Counter(fresh)
    by_name = {
        name: place for name, place in zip(old, gone, strict=True) if name and times[name] == again[name] == 1
    }
    rest = deque((name, place) for name, place in zip(old, gone, strict=True) if name not in by_name)
    for name, place in zip(fresh, new, strict=True):
        if name in by_name:
            yield name, by_name[name], place
        elif rest and not (name and rest[0][0]):
            yield name, rest.popleft()[1], place
        else:
            yield name, None, place
    yield from ((name, place, None) for name, place in rest)


def _apart(before: list[Value], after: list[Value]) -> tuple[Places, Places]:
    """The elements of both lists that differ from the one at the same index, with their indexes."""
    both = min(len(before), len(after))
    unlike = [place for place in range(both) if not same(before[place], after[place])]
    old, fresh = ([*unlike, *range(both, len(side))] for side in (before, after))
    return [(place, before[place]) for place in old], [(place, after[place]) for place in fresh]


def _left_over(these: Places, names: list[str], others: list[str]) -> Places:
    """The elements that the other list does not have, or has less often. names: the elements as texts."""
    if set(names).isdisjoint(others):
        return these
    there = Counter(others)
    left = []
    for place, name in zip(these, names, strict=True):
        if there[name]:
            there[name] -= 1
        else:
            left.append(place)
    return left


def _texts(before: str, after: str, path: Path) -> Iterator[tuple[Path, Value, Value]]:
    old, new = json_in(before), json_in(after)
    if old is None or new is None or type(old) is not type(new):
        yield path, before, after
    else:
        yield from between(_ordered(old), _ordered(new), path)


def _ordered(value: Json, in_policy: bool = False) -> Value:
    """The value with a policy's sets sorted and written as lists."""
    if isinstance(value, dict):
        policy = in_policy or not POLICY.isdisjoint(value)
        return {key: _set(member, key) if policy else _ordered(member) for key, member in value.items()}
    if isinstance(value, list):
        return [_ordered(element, in_policy) for element in value]
    return value


def _set(member: Json, key: str) -> Value:
    """A member of a policy's object; sets are sorted."""
    if isinstance(member, dict):
        return _ordered(member, in_policy=True)
    if key in {"Effect", "Sid", "Version", "Id"}:
        return _ordered(member)
    members = member if isinstance(member, list) else [member]
    return sorted((_ordered(element, in_policy=True) for element in members), key=canonical)


def _forces(path: Path, replace_paths: Sequence[Path]) -> bool:
    """Whether a difference is at, below or above a path that forces a replacement."""
    return any(all(map(_same_step, path, forcing)) for forcing in replace_paths)


def _same_step(one: str | int, other: str | int) -> bool:
    """Indexes in lists are not compared: if one element is removed, those after it move up."""
    return one == other or (isinstance(one, int) and isinstance(other, int))


def _name(value: object) -> dict[str, str | int]:
    assert isinstance(value, Masked | Unknown)  # all other values are JSON
    return {"\0hidden": value.number} if isinstance(value, Masked) else {"\0unknown": 1}


_CANONICAL = json.JSONEncoder(sort_keys=True, default=_name)
