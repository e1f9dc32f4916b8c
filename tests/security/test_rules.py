"""Each of Slipway's own rules holds for all settings, and detects each mistake that it is for."""

import pytest

from tests.security.rules.rule import after
from tests.security.rules.table import RULES
from tests.settings import variants
from tests.synthesis import synthesised

MISTAKES = [(name, mistake) for name, rule in RULES.items() for mistake in rule.mistakes]


@pytest.mark.parametrize("variant", sorted(variants()))
@pytest.mark.parametrize("name", RULES)
def test_the_rule_holds(name: str, variant: str) -> None:
    assert list(RULES[name].breaches(synthesised(variant))) == []


@pytest.mark.parametrize(("name", "mistake"), MISTAKES)
def test_the_mistake_breaks_the_rule(name: str, mistake: str) -> None:
    rule = RULES[name]
    assert list(rule.breaches(after(rule.mistakes[mistake], synthesised(rule.variant)))) != []
