"""The costs add up, and count what the committed pipeline.toml makes."""

from decimal import Decimal

from slipway.account_rehearsal.costs import HOURS_A_MONTH, PRICES
from tests.docs.costs import COSTS, ENDPOINTS, SHARED, TABLE, TOTAL, cells, cents, counted, current, shared
from tests.synthesis import synthesised


def priced() -> list[list[list[str]]]:
    """The rows of the tables that end in a total."""
    tables = [
        [cells(line) for line in table.splitlines()] for table in TABLE.findall(COSTS.read_text("utf-8"))
    ]
    return [table[2:] for table in tables if table[-1][0] == TOTAL and table[0] != cells(SHARED)]


def test_every_row_of_the_costs_is_its_number_times_its_price() -> None:
    assert len(priced()) == 3
    for table in priced():
        for what, number, price, per, result, *_ in table[:-1]:
            times = HOURS_A_MONTH if per == "hour" else 1
            assert cents(Decimal(number) * Decimal(price) * times) == Decimal(result), what


def test_the_prices_are_those_that_a_rehearsal_in_an_account_counts_with() -> None:
    said = {row[0]: (Decimal(row[2]), row[3]) for table in priced() for row in table[:-1]}
    assert said == PRICES


def test_the_total_of_the_costs_is_their_sum() -> None:
    for table in priced():
        total = Decimal(table[-1][4].strip("*"))
        assert sum(Decimal(row[4]) for row in table[:-1]) == total


def test_the_costs_count_what_the_committed_pipeline_has() -> None:
    said = {row[0]: int(row[1]) for table in priced() for row in table[:-1]}
    numbers = counted()
    assert {name: said[name] for name in numbers} == numbers, "make docs"
    assert {
        resource["instance_type"] for resource in synthesised("demo").resources("aws_launch_template")
    } == {"t3.small"}


def test_no_way_out_costs_more_than_nat_gateways_by_what_the_page_says() -> None:
    text = " ".join(COSTS.read_text(encoding="utf-8").split())
    gateway = (PRICES["NAT gateways"][0] + PRICES["public IPv4 addresses"][0]) * HOURS_A_MONTH
    endpoints = PRICES[ENDPOINTS][0] * HOURS_A_MONTH * counted()[ENDPOINTS]

    assert f"costs {gateway:.2f} a month, and one in each of two zones {2 * gateway:.2f}" in text
    assert f"costs {endpoints - gateway:.2f} or {endpoints - 2 * gateway:.2f} more" in text


def test_a_service_that_shares_pays_for_no_network_and_no_load_balancer() -> None:
    assert shared() in COSTS.read_text(encoding="utf-8"), "make docs"
    rows = {name: (Decimal(first.strip("*")), Decimal(fifth.strip("*"))) for name, first, fifth in _shared()}
    for name in ("NAT gateways", "load balancers", "public IPv4 addresses"):
        assert rows[name][0] > 0
        assert rows[name][1] == 0
    totals = rows.pop(TOTAL)
    assert totals == tuple(sum(column) for column in zip(*rows.values(), strict=True))
    assert totals[1] * 2 < totals[0], "the page says less than half"


def _shared() -> list[list[str]]:
    return [cells(line) for line in shared().splitlines()[2:]]


def test_a_number_that_changes_changes_its_row_and_the_total() -> None:
    text = COSTS.read_text(encoding="utf-8")
    assert current(text, {}) == text
    more = current(text, {"alarms, metrics": counted()["alarms, metrics"] + 10})
    before, after = (
        [line for line in page.splitlines() if line not in other]
        for page, other in ((text, more.splitlines()), (more, text.splitlines()))
    )
    assert (
        [cells(line)[0] for line in before]
        == [cells(line)[0] for line in after]
        == ["alarms, metrics", TOTAL]
    )
    assert [Decimal(cells(line)[4].strip("*")) for line in after] == [
        Decimal(cells(line)[4].strip("*")) + 1 for line in before
    ]
