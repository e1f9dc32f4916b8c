"""The plans that the review's tests read are what real Terraform makes today."""

import json
from pathlib import Path

import pytest

from local.emulator.process import Emulator
from slipway.aws.clients import Aws
from tests.integration.pipelines import REGION
from tests.integration.review_cases import AWS_CASES, CASES
from tests.integration.review_plans import Meddle, Workshop, builtin, with_aws
from tests.plan_review.committed import SUMMARIES, text

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def workshop(emulated: Emulator, tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    return with_aws(tmp_path_factory.mktemp("aws"), emulated)


@pytest.mark.parametrize("name", CASES)
def test_the_committed_plan_is_what_terraform_makes(terraform: str, tmp_path: Path, name: str) -> None:
    made = builtin(tmp_path).make(CASES[name])
    assert made.plan == json.loads(text(name))
    assert made.summary == SUMMARIES[name]


@pytest.mark.slow
@pytest.mark.parametrize("name", AWS_CASES)
def test_the_committed_plan_is_what_the_aws_provider_makes(
    terraform: str, workshop: Workshop, emulated: Emulator, name: str
) -> None:
    made = workshop.make(AWS_CASES[name], meddle=Meddle(name, Aws(REGION, emulated.environment)))
    workshop.clear()
    assert made.plan == json.loads(text(name))
    assert made.summary == SUMMARIES[name]


def test_every_committed_plan_is_made_by_a_case() -> None:
    assert set(SUMMARIES) == {*CASES, *AWS_CASES}
