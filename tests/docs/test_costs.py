"""The costs add up, and count what the committed pipeline.toml makes."""

import re
from decimal import ROUND_HALF_UP, Decimal

from tests.docs.pages import ROOT
from tests.synthesis import synthesised

COSTS = ROOT / "docs" / "costs.md"
HOURS_A_MONTH = 730


def tables(heads: str) -> list[list[list[str]]]:
    """The rows of each table in the costs whose head begins with these columns."""
    found = []
    for block in re.findall(r"(?:^\|.*\|\n)+", COSTS.read_text(encoding="utf-8"), re.MULTILINE):
        rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in block.splitlines()]
        if rows[0][: len(heads.split())] == heads.split():
            found.append(rows[2:])
    return found


def cents(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal("0.01"), ROUND_HALF_UP)


def priced() -> list[list[list[str]]]:
    """The tables that end in a total."""
    return [table for table in tables("what") if table[-1][0] == "**total**"]


def test_every_row_of_the_costs_is_its_number_times_its_price() -> None:
    assert len(priced()) == 2
    for table in priced():
        for what, number, price, per, result, *_ in table[:-1]:
            times = HOURS_A_MONTH if per == "hour" else 1
            assert cents(Decimal(number) * Decimal(price) * times) == Decimal(result), what


def test_the_total_of_the_costs_is_their_sum() -> None:
    for table in priced():
        total = Decimal(table[-1][4].strip("*"))
        assert sum(Decimal(row[4]) for row in table[:-1]) == total


def test_the_costs_count_what_the_committed_pipeline_has() -> None:
    said = {row[0]: int(row[1]) for row in priced()[0][:-1]}
    made = synthesised("demo")
    hosts = sum(each["desired_capacity"] for each in made.resources("aws_autoscaling_group"))
    nats, balancers = (len(list(made.resources(kind))) for kind in ("aws_nat_gateway", "aws_lb"))
    zones = sum(len(each["subnets"]) for each in made.resources("aws_lb"))
    tracked = len(list(made.resources("aws_autoscaling_policy")))
    disk = next(made.resources("aws_launch_template"))["block_device_mappings"][0]["ebs"]["volume_size"]
    assert said["hosts, t3.small"] == hosts
    assert said["disks, gp3, GB"] == hosts * disk
    assert said["detailed monitoring, metrics"] == hosts * 7
    assert said["NAT gateways"] == nats
    assert said["load balancers"] == balancers
    assert said["public IPv4 addresses"] == nats + zones
    assert said["KMS keys"] == len(list(made.resources("aws_kms_key")))
    assert said["dashboards"] == len(list(made.resources("aws_cloudwatch_dashboard")))
    assert said["alarms"] == len(list(made.resources("aws_cloudwatch_metric_alarm"))) + 2 * tracked
    assert {each["instance_type"] for each in made.resources("aws_launch_template")} == {"t3.small"}
