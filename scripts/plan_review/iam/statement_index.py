"""An index of statements, which finds candidates without comparing every pair: policies can be large."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from plan_review.iam.pattern_set import PatternSet
from plan_review.iam.statement import PolicyStatement

_WILDCARD = re.compile(r"[*?]")
_ALL_BUT = "!"  # the key of NotAction and the like, whose members have no common prefix
_NOBODY = "="
_PLACES = (1, 0, 2)  # resources first: they are the most selective


class _Keys:
    """Statements by one dimension: actions, resources or principals.

    The key of a pattern is the part before its first wildcard; without wildcards, the whole pattern.
    """

    def __init__(self, scopes: list[PatternSet]) -> None:
        self.numbers: dict[str, list[int]] = defaultdict(list)
        self.of = [_keys(scope) for scope in scopes]
        for number, keys in enumerate(self.of):
            for key in keys:
                self.numbers[key].append(number)
        self._lengths = {len(key) - 1 for key in self.numbers if key.startswith("~")}
        self._asked: dict[str, list[str]] = {}

    def near(self, scope: PatternSet) -> list[str]:
        """The keys of statements that may cover part of this scope."""
        if not scope.patterns:
            return [*self.numbers]
        if scope.but:
            return [key for key in (_ALL_BUT, "~") if key in self.numbers]
        return [key for pattern in scope.patterns for key in self._near(pattern)]

    def _near(self, pattern: str) -> list[str]:
        if (found := self._asked.get(pattern)) is None:
            begins = [f"~{pattern[:length]}" for length in self._lengths if length <= len(pattern)]
            found = [key for key in (*begins, _ALL_BUT, f"={pattern}") if key in self.numbers]
            self._asked[pattern] = found
        return found


class StatementIndex:
    """Statements by the prefixes of their patterns."""

    def __init__(self, statements: Iterable[PolicyStatement]) -> None:
        self._statements = list(statements)
        self._dimensions: dict[int, _Keys] = {}

    def near(self, statement: PolicyStatement) -> list[PolicyStatement]:
        """The statements that may cover a part of this one, without duplicates; no others do."""
        wanted: dict[int, list[str]] = {}
        for place in _PLACES:
            wanted[place] = self._dimension(place).near(statement.scopes[place])
            if not wanted[place]:
                return []
        place = min(wanted, key=lambda dimension: self._many(dimension, wanted[dimension]))
        numbers = self._dimensions[place].numbers
        found = {number for key in wanted.pop(place) for number in numbers[key]}
        for other, keys in wanted.items():
            of = self._dimensions[other].of
            found = {number for number in found if not of[number].isdisjoint(keys)}
        return [self._statements[number] for number in sorted(found)]

    def covering(self, statement: PolicyStatement) -> Iterator[PolicyStatement]:
        """The statements that cover all of this one."""
        return (other for other in self.near(statement) if other.covers(statement))

    def _dimension(self, place: int) -> _Keys:
        if place not in self._dimensions:
            self._dimensions[place] = _Keys([statement.scopes[place] for statement in self._statements])
        return self._dimensions[place]

    def _many(self, place: int, keys: list[str]) -> int:
        return sum(len(self._dimensions[place].numbers[key]) for key in keys)


def _keys(scope: PatternSet) -> frozenset[str]:
    if scope.but:
        return frozenset([_ALL_BUT])
    return frozenset(map(_key, scope.patterns)) or frozenset([_NOBODY])


def _key(pattern: str) -> str:
    wildcard = _WILDCARD.search(pattern)
    return f"~{pattern[: wildcard.start()]}" if wildcard else f"={pattern}"
