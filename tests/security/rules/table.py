"""Slipway's own rules, by the name of the function that finds their breaches."""

from collections.abc import Mapping

from tests.security.network import rules as network
from tests.security.rules import deployments, pipelines, revisions, secrets
from tests.security.rules.rule import Rule

NETWORK = network.RULES
OTHERS = (*deployments.RULES, *pipelines.RULES, *secrets.RULES, *revisions.RULES)
RULES: Mapping[str, Rule] = {each.breaches.__name__: each for each in (*NETWORK, *OTHERS)}
