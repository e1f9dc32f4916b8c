"""parliament finds nothing in any policy that suppressions.toml does not explain, and would find mistakes."""

import pytest

from tests.security.account import account
from tests.security.scan.lint import findings, lint
from tests.security.scan.suppressions import suppressions, unsuppressed, unused
from tests.settings import variants

GOOD = {"Effect": "Allow", "Action": ["s3:GetObject"], "Resource": ["arn:aws:s3:::a-bucket/*"]}
MISTAKES: dict[str, dict[str, object]] = {
    "UNKNOWN_ACTION": {"Action": ["s3:GetObjekt"]},
    "RESOURCE_MISMATCH": {"Resource": ["arn:aws:s3:::a-bucket"]},
    "RESOURCE_STAR": {"Resource": ["*"]},
    "INVALID_ARN": {"Resource": ["a-bucket/*"]},
    "UNKNOWN_CONDITION_FOR_ACTION": {"Condition": {"StringEquals": {"s3:nothing": "x"}}},
    "UNKNOWN_OPERATOR": {"Condition": {"StringIs": {"s3:prefix": "x"}}},
    "MISMATCHED_TYPE": {"Condition": {"Bool": {"aws:SourceIp": "true"}}},
}


@pytest.mark.parametrize("variant", sorted(variants()))
def test_every_policy_is_without_a_finding_that_nobody_explained(variant: str) -> None:
    assert unsuppressed(findings(account(variant)), suppressions("parliament")) == []


def test_every_suppression_still_covers_a_finding() -> None:
    everything = [finding for variant in variants() for finding in findings(account(variant))]
    assert unused(everything, suppressions("parliament")) == []


def test_a_policy_without_a_mistake_has_no_finding() -> None:
    assert lint((GOOD,)) == ()


@pytest.mark.parametrize("check", MISTAKES)
def test_a_mistake_is_found(check: str) -> None:
    assert check in [each for each, _ in lint(({**GOOD, **MISTAKES[check]},))]
