"""Writes into docs/costs.md how much the committed pipeline has of everything, and what that comes to.

``make docs`` runs this. The prices come from slipway.account_rehearsal.costs; what is assumed is written by
hand.
"""

import re
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal

from slipway.account_rehearsal.costs import HOURS_A_MONTH, PRICES
from tests.docs.pages import ROOT
from tests.docs.wrapping import wrapped
from tests.synthesis import Synthesised, synthesised

COSTS = ROOT / "docs" / "costs.md"
TOTAL = "**total**"
SHARED = "| what, a month | the first service | each that shares |"
ENDPOINTS = "interface endpoints, zones"
TABLE = re.compile(r"(?:^\|.*\|\n)+", re.MULTILINE)


def cells(line: str) -> list[str]:
    """The columns of a row."""
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def cents(amount: Decimal) -> Decimal:
    """As AWS bills it."""
    return amount.quantize(Decimal("0.01"), ROUND_HALF_UP)


def counted() -> dict[str, int]:
    """How much the committed pipeline has of what is paid for, by the row that says so.

    It has no interface endpoints: those are counted in an environment that has no way out.
    """
    return {**count(synthesised("demo")), ENDPOINTS: endpoints(synthesised("endpoints"))}


def endpoints(made: Synthesised) -> int:
    """The interface endpoints, each as often as the zones that it is in."""
    found = made.resources("aws_vpc_endpoint")
    return sum(len(each["subnet_ids"]) for each in found if each["vpc_endpoint_type"] == "Interface")


def count(made: Synthesised) -> dict[str, int]:
    """How much a pipeline has of what is paid for by time."""

    def number(kind: str) -> int:
        return len(list(made.resources(kind)))

    hosts = sum(resource["desired_capacity"] for resource in made.resources("aws_autoscaling_group"))
    zones = sum(len(resource["subnets"]) for resource in made.resources("aws_lb"))
    disk = next(made.resources("aws_launch_template"))["block_device_mappings"][0]["ebs"]["volume_size"]
    alarms = list(made.resources("aws_cloudwatch_metric_alarm"))
    queries = [[one for one in alarm.get("metric_query") or () if "metric" in one] for alarm in alarms]
    watched = sum(len(query) or 1 for query in queries)
    return {
        "hosts, t3.small": hosts,
        "disks, gp3, GB": hosts * disk,
        "detailed monitoring, metrics": hosts * 7,
        "NAT gateways": number("aws_nat_gateway"),
        "load balancers": number("aws_lb"),
        "public IPv4 addresses": number("aws_nat_gateway") + zones,
        "KMS keys": number("aws_kms_key"),
        "dashboards": number("aws_cloudwatch_dashboard"),
        "alarms, metrics": watched + 2 * number("aws_autoscaling_policy"),
    }


def current(text: str, numbers: Mapping[str, int]) -> str:
    """The page with these numbers, and with what each table that has a total comes to."""
    return wrapped(TABLE.sub(lambda table: _current(table[0], numbers), text))


def shared() -> str:
    """What one service costs a month, and one that shares its network and load balancer."""
    first, fifth = (count(synthesised(variant)) for variant in ("https-by-certificate", "platform"))
    lines = [SHARED, "| --- | ---: | ---: |"]
    totals = [Decimal(0), Decimal(0)]
    for name in first:
        price, per = PRICES[name]
        times = HOURS_A_MONTH if per == "hour" else 1
        amounts = [cents(Decimal(number[name]) * price * times) for number in (first, fifth)]
        totals = [total + amount for total, amount in zip(totals, amounts, strict=True)]
        lines.append(_line([name, *map(str, amounts)]))
    return "\n".join([*lines, _line([TOTAL, *(f"**{total}**" for total in totals)])]) + "\n"


def _current(table: str, numbers: Mapping[str, int]) -> str:
    lines = table.splitlines()
    if lines[0] == SHARED:
        return shared()
    if cells(lines[-1])[0] != TOTAL:
        return table
    rows = [cells(line) for line in lines[2:]]
    for row in rows[:-1]:
        row[1] = str(numbers.get(row[0], row[1]))
        if row[0] in PRICES:
            price, row[3] = PRICES[row[0]]
            row[2] = str(price)
        times = HOURS_A_MONTH if row[3] == "hour" else 1
        row[4] = str(cents(Decimal(row[1]) * Decimal(row[2]) * times))
    rows[-1][4] = f"**{sum(Decimal(row[4]) for row in rows[:-1])}**"
    return "\n".join([*lines[:2], *map(_line, rows)]) + "\n"


def _line(row: list[str]) -> str:
    return "".join(f"| {cell} " if cell else "| " for cell in row) + "|"


if __name__ == "__main__":
    COSTS.write_text(current(COSTS.read_text(encoding="utf-8"), counted()), encoding="utf-8")
