"""Attributes with a few possible values, such as on and off: finds those that become wrong."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from plan_review.plan import ResourceChange, Value
from plan_review.rules.attributes import difference, known, leaves, shown, stays
from plan_review.rules.rule import Match

ON = (True, "true", "ACTIVE", "ENABLED", "Enabled", "enabled", "On", "on", "YES")


@dataclass(frozen=True)
class Flag:
    """An attribute and its right values, or else its wrong ones.

    path: ``block.attribute``. says: what a wrong value means. types: of resources that have it; empty for
    any. when_created: whether a new resource with a wrong value counts. answer: replaces the rule's answer.
    """

    path: str
    says: str
    right: tuple[Value, ...] = ()
    wrong: tuple[Value, ...] = ()
    types: frozenset[str] = frozenset()
    when_created: bool = False
    answer: str = ""

    @cached_property
    def attribute(self) -> str:
        """The first part of the path."""
        return self.path.partition(".")[0]

    def is_right(self, value: Value) -> bool:
        """Whether a value is right."""
        return _among(value, self.right) if self.right else not _among(value, self.wrong)


def flags(
    meanings: Mapping[str, str],
    *,
    right: tuple[Value, ...] = (),
    wrong: tuple[Value, ...] = (),
    types: Iterable[str] = (),
    when_created: bool = False,
    answer: str = "",
) -> tuple[Flag, ...]:
    """Flags of several meanings. meanings: the paths, separated by spaces, by what a wrong value means."""
    return tuple(
        Flag(path, says, right, wrong, frozenset(types), when_created, answer)
        for says, paths in meanings.items()
        for path in paths.split()
    )


def paths(flags: Iterable[Flag]) -> list[str]:
    """Where flags stand."""
    return [flag.path for flag in flags]


def turned(change: ResourceChange, flags: tuple[Flag, ...]) -> Iterator[Match]:
    """The flags that become wrong, or are created wrong; those with the same meaning make one match."""
    found: dict[tuple[str, str, bool], list[Flag]] = defaultdict(list)
    for flag in flags:
        if flag.attribute not in change.attributes or (flag.types and change.type not in flag.types):
            continue
        if stays(change) and _turned(change, flag):
            found[flag.says, flag.answer, True].append(flag)
        elif flag.when_created and change.before is None and _wrong(change.after, flag):
            found[flag.says, flag.answer, False].append(flag)
    for (says, answer, changes), alike in found.items():
        told = f"{says} ({', '.join(_told(change, flag) for flag in alike)})"
        different = (
            [changed for flag in alike for changed in difference(change, flag.path)] if changes else ()
        )
        yield Match(told, tuple(different), answer=answer)


def _turned(change: ResourceChange, flag: Flag) -> bool:
    """Whether a right value becomes wrong; unset is right only if the wrong values are listed."""
    before, after = _values(change.before, flag), _values(change.after, flag)
    was_right = [flag.is_right(value) for value in before]
    if flag.right:
        kept = sum(flag.is_right(value) for value in after if known(value))
        hidden = any(not known(value) for value in after)
        return any(was_right) and kept < sum(was_right) and not hidden
    return _wrong(change.after, flag) and all(was_right)


def _wrong(side: Value, flag: Flag) -> bool:
    found = [value for value in _values(side, flag) if known(value) and value is not None]
    return any(not flag.is_right(value) for value in found)


def _values(side: Value, flag: Flag) -> list[Value]:
    return [value for _, value in leaves(side, flag.path)]


def _told(change: ResourceChange, flag: Flag) -> str:
    found = [value for value in _values(change.after, flag) if not flag.is_right(value)]
    return f"{flag.path} = {shown(found[0])}" if found else f"{flag.path} is no longer set"


def _among(value: Value, values: tuple[Value, ...]) -> bool:
    """Whether a value is one of these; 1 is not true."""
    return any(
        value == candidate and isinstance(value, bool) is isinstance(candidate, bool) for candidate in values
    )
