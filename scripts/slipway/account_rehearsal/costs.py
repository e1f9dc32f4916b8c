"""The costs of a rehearsal in an account. docs/costs.md lists these prices with their sources."""

from collections.abc import Mapping
from decimal import ROUND_UP, Decimal

HOURS_A_MONTH = 730
RELEASES = 3
PRICES: Mapping[str, tuple[Decimal, str]] = {
    "NAT gateways": (Decimal("0.052"), "hour"),
    "hosts, t3.small": (Decimal("0.024"), "hour"),
    "load balancers": (Decimal("0.027"), "hour"),
    "public IPv4 addresses": (Decimal("0.005"), "hour"),
    "disks, gp3, GB": (Decimal("0.0952"), "month"),
    "detailed monitoring, metrics": (Decimal("0.30"), "month"),
    "dashboards": (Decimal("3.00"), "month"),
    "KMS keys": (Decimal("1.00"), "month"),
    "alarms, metrics": (Decimal("0.10"), "month"),
    "logs taken in, GB (assumed)": (Decimal("0.63"), "month"),
    "images, GB (assumed)": (Decimal("0.10"), "month"),
    "S3, GB (assumed)": (Decimal("0.0245"), "month"),
    "build, general1.small (assumed)": (Decimal("0.005"), "minute"),
    "pipeline's actions, V2 (assumed)": (Decimal("0.002"), "minute"),
    "interface endpoints, zones": (Decimal("0.012"), "hour"),
}
"""US dollars in eu-central-1, and the unit of time, by the rows of docs/costs.md."""
MADE = {
    "NAT gateways": 1,
    "hosts, t3.small": 2,
    "load balancers": 1,
    "public IPv4 addresses": 3,
    "disks, gp3, GB": 60,
    "detailed monitoring, metrics": 14,
    "KMS keys": 3,
    "alarms, metrics": 13,
}
"""How many resources a rehearsal has that are charged by time, by the rows of docs/costs.md."""
RELEASED = {"build, general1.small (assumed)": 6, "pipeline's actions, V2 (assumed)": 20}
"""Minutes of one release, by the rows of docs/costs.md."""


def an_hour() -> Decimal:
    """US dollars for each hour that the resources exist."""
    return _cents(sum((_hourly(*PRICES[row]) * count for row, count in MADE.items()), Decimal()))


def releases() -> Decimal:
    """US dollars for all builds and pipeline actions of a rehearsal."""
    one_release = sum((PRICES[row][0] * minutes for row, minutes in RELEASED.items()), Decimal())
    return _cents(one_release * RELEASES)


def _hourly(price: Decimal, per: str) -> Decimal:
    return price if per == "hour" else price / HOURS_A_MONTH


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal("0.01"), ROUND_UP)
