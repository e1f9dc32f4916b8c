"""Computes an alarm's state from its data, as CloudWatch documents it.

AmazonCloudWatch/latest/monitoring: alarm-evaluation, alarms-and-missing-data, percentiles-with-low-samples.
Data points are numbers, one per period, the oldest first; None is a missing one. CloudWatch reads more
periods than it evaluates (in its examples five where three are evaluated).
"""

import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass

OK, ALARM, INSUFFICIENT = "OK", "ALARM", "INSUFFICIENT_DATA"
MISSING, IGNORE, BREACHING, NOT_BREACHING = "missing", "ignore", "breaching", "notBreaching"
MORE = 2
"""How many more periods are read than are evaluated."""
ENOUGH_TIMES = 10
"""How many samples a percentile needs on its smaller side."""

Point = float | None
COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    "GreaterThanThreshold": operator.gt,
    "GreaterThanOrEqualToThreshold": operator.ge,
    "LessThanThreshold": operator.lt,
    "LessThanOrEqualToThreshold": operator.le,
}


@dataclass(frozen=True)
class AlarmCondition:
    """When an alarm is in ALARM. periods: how many are evaluated; datapoints: how many must breach."""

    comparison: str
    threshold: float
    periods: int = 1
    datapoints: int = 1
    missing: str = MISSING

    def breaches(self, value: float) -> bool:
        """Whether a data point crosses the threshold."""
        return COMPARISONS[self.comparison](value, self.threshold)


def state(condition: AlarmCondition, points: Sequence[Point], before: str) -> str:
    """The alarm's state after these data points. before: its state until now."""
    looked_at = points[-(condition.periods + MORE) :]
    real = [point for point in looked_at if point is not None][-condition.periods :]
    beyond = sum(map(condition.breaches, real))
    filled = condition.periods - len(real)
    if condition.missing == BREACHING:
        beyond += filled
    if not filled or condition.missing in (BREACHING, NOT_BREACHING):
        return ALARM if beyond >= condition.datapoints else OK
    if beyond < len(real):  # at least one data point does not breach
        return ALARM if beyond >= condition.datapoints else OK
    if condition.missing == IGNORE:
        return ALARM if beyond >= condition.datapoints else before
    if beyond >= condition.datapoints or _oldest(condition, looked_at) >= condition.datapoints:
        return ALARM
    return INSUFFICIENT


def _oldest(condition: AlarmCondition, points: Sequence[Point]) -> int:
    """How many periods ago the oldest data point is; at most the evaluation periods, 0 if there is none."""
    ages = [len(points) - number for number, point in enumerate(points) if point is not None]
    return min(max(ages, default=0), condition.periods)


def enough_samples(percentile: float, samples: int) -> bool:
    """Whether there are enough samples for a percentile (95 for p95); asked if ``ignore`` is set."""
    thinner = min(percentile, 100 - percentile) / 100
    return samples * thinner >= ENOUGH_TIMES
