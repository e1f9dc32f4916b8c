"""What a rehearsal says that it costs, and that it counts what it makes."""

from decimal import Decimal

from modules.config.load import settle
from slipway.account_rehearsal import costs, settings
from tests.docs.costs import count
from tests.settings import ACCOUNT, demo
from tests.synthesis import synthesise


def test_it_counts_what_is_synthesised() -> None:
    derived = settle(settings.derive(demo(), account=ACCOUNT, service="rehearsal-0a1b2c"))
    made = {row: number for row, number in count(synthesise(derived)).items() if number}
    assert made == costs.MADE


def test_an_hour_costs_the_sum_of_its_parts() -> None:
    by_hand = Decimal("0.052") + 2 * Decimal("0.024") + Decimal("0.027") + 3 * Decimal("0.005")
    assert by_hand < costs.an_hour() < by_hand + Decimal("0.05")


def test_three_releases_cost_what_three_releases_cost() -> None:
    assert costs.releases() == Decimal("0.21")
