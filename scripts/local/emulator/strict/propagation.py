"""What was just made in IAM is there for other services only after a while.

(IAM/latest/UserGuide, troubleshoot_general: "Changes that I make are not always immediately visible".)
How long is told in calls, not in time, and by a seed: the same seed gives the same waits, whatever runs
first.
"""

import random
from collections import Counter
from dataclasses import dataclass, field
from threading import Lock


@dataclass(frozen=True)
class Propagation:
    """How often a role or profile is not there for who asks, before it is.

    seed: of the waits. most: calls that may find nothing, at least one. Default: all is there at once.
    """

    seed: int | None = None
    most: int = 3
    _asked: Counter[str] = field(default_factory=Counter, compare=False)
    _lock: Lock = field(default_factory=Lock, compare=False)

    def reached(self, arn: str) -> bool:
        """Whether others see it by now; each question counts."""
        if self.seed is None:
            return True
        waits = random.Random(f"{self.seed} {arn}").randint(1, self.most)  # noqa: S311 - a seeded test
        with self._lock:
            self._asked[arn] += 1
            return self._asked[arn] > waits

    def forget(self, arn: str) -> None:
        """It was deleted: another of its name will have to wait again."""
        with self._lock:
            self._asked.pop(arn, None)


AT_ONCE = Propagation()
