"""Which actions, resources or principals a statement is about: some patterns, or all but some."""

from dataclasses import dataclass

from plan_review.iam.wildcards import includes, overlaps


@dataclass(frozen=True, order=True)
class PatternSet:
    """Whatever one of the patterns matches; ``but``: whatever none of them does (NotAction and its like)."""

    patterns: tuple[str, ...]
    but: bool = False

    @property
    def everything(self) -> bool:
        """Whether nothing is left out."""
        return not self.patterns if self.but else "*" in self.patterns

    def each(self) -> tuple["PatternSet", ...]:
        """One scope for each pattern; what is left out stays together."""
        return (self,) if self.but else tuple(PatternSet((each,)) for each in self.patterns)

    def covers(self, other: "PatternSet") -> bool:
        """Whether all that the other takes in is taken in here; False if one cannot tell."""
        if self.everything:
            return True
        if self.but and other.but:
            return all(any(includes(left, mine) for left in other.patterns) for mine in self.patterns)
        if self.but:
            return not any(overlaps(mine, each) for mine in self.patterns for each in other.patterns)
        if other.but:
            return False
        return all(
            each in self.patterns or any(includes(mine, each) for mine in self.patterns)
            for each in other.patterns
        )


EVERYTHING = PatternSet(("*",))
NOBODY = PatternSet(())
"""The principal of an identity's policy, which names none."""
