"""A set of actions, resources or principals: those that some patterns match, or all others."""

from collections.abc import Sequence
from dataclasses import dataclass

from plan_review.iam.wildcards import includes, overlaps


@dataclass(frozen=True, order=True)
class PatternSet:
    """Everything that one of the patterns matches; with ``but`` everything that none matches (NotAction)."""

    patterns: tuple[str, ...]
    but: bool = False

    def __hash__(self) -> int:  # cached, because the same sets are looked up many times
        kept = self.__dict__
        if "hash" not in kept:
            kept["hash"] = hash((self.patterns, self.but))
        found: int = kept["hash"]
        return found

    @property
    def folded(self) -> "PatternSet":
        """The same in lower case."""
        kept = self.__dict__
        if "folded" not in kept:
            small = tuple(pattern.lower() for pattern in self.patterns)
            kept["folded"] = self if small == self.patterns else PatternSet(small, self.but)
        found: PatternSet = kept["folded"]
        return found

    @property
    def everything(self) -> bool:
        """Whether it contains everything."""
        return not self.patterns if self.but else "*" in self.patterns

    @property
    def each(self) -> tuple["PatternSet", ...]:
        """A set for each pattern; with ``but`` it stays whole."""
        if self.but or len(self.patterns) == 1:
            return (self,)
        return tuple(PatternSet((pattern,)) for pattern in self.patterns)

    @property
    def size(self) -> int:
        """How many sets ``each`` returns; 1 if there are no patterns."""
        return 1 if self.but else len(self.patterns) or 1

    def covers(self, other: "PatternSet") -> bool:
        """Whether it contains all of the other; False if it cannot be determined."""
        if self.everything:
            return True
        if self.but and other.but:
            return all(any(includes(left, mine) for left in other.patterns) for mine in self.patterns)
        if self.but:
            return not any(overlaps(mine, pattern) for mine in self.patterns for pattern in other.patterns)
        if other.but:
            return False
        return all(
            pattern in self.patterns or any(includes(mine, pattern) for mine in self.patterns)
            for pattern in other.patterns
        )


def joined(scopes: Sequence[PatternSet]) -> PatternSet:
    """The union of several sets; at most one of them, alone, can have ``but``."""
    if len(scopes) == 1:
        return scopes[0]
    return PatternSet(tuple(sorted({pattern for scope in scopes for pattern in scope.patterns})))


EVERYTHING = PatternSet(("*",))
NOBODY = PatternSet(())
"""The principal of an identity's policy, which has none."""
