"""New IAM resources are visible to other services only after a delay.

(IAM/latest/UserGuide, troubleshoot_general: "Changes that I make are not always immediately visible".)
The delay is a number of calls, not a time, and depends on a seed: the same seed gives the same delays, in
whatever order calls arrive.
"""

import random
from collections import Counter
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Propagation:
    """How many calls do not find a new role or instance profile.

    seed: of the delays. most: the longest delay, in calls; the shortest is 1. Default: no delay.
    """

    seed: int | None = None
    most: int = 3
    _asked: Counter[str] = field(default_factory=Counter, compare=False)

    def reached(self, arn: str) -> bool:
        """Whether other services see the resource now; each question counts as a call."""
        if self.seed is None:
            return True
        waits = random.Random(f"{self.seed} {arn}").randint(1, self.most)  # noqa: S311 - a seeded test
        self._asked[arn] += 1
        return self._asked[arn] > waits

    def forget(self, arn: str) -> None:
        """Called when the resource is deleted: another one of its name is delayed again."""
        self._asked.pop(arn, None)


AT_ONCE = Propagation()
