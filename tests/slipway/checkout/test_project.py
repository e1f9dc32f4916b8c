from pathlib import Path

import pytest

from modules.config.names import Names
from modules.config.settings import PipelineSettings
from slipway.checkout import project
from slipway.console.errors import SlipwayError, UsageError
from tests.settings import demo, minimal
from tests.slipway.accounts import KEYS, account

ROOT = Path(__file__).parents[3]


def of(settings: PipelineSettings) -> project.Project:
    return project.Project(ROOT, settings, Names.of(settings))


def test_an_environment_is_found_by_its_name() -> None:
    assert of(demo()).environment("prod").deployment_group == "my-app-prod"


def test_the_only_environment_need_not_be_named() -> None:
    assert of(minimal()).environment(None).environment == "staging"


def test_of_several_environments_one_has_to_be_named() -> None:
    with pytest.raises(
        UsageError, match="no environment is given\n  next: use --env with one of: staging, prod"
    ):
        of(demo()).environment(None)


def test_an_environment_that_is_not_there_is_refused_with_those_that_are() -> None:
    with pytest.raises(
        UsageError, match=r'pipeline\.toml has no environment "live"\n.*one of: staging, prod'
    ):
        of(demo()).environment("live")


def test_credentials_of_another_account_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("MOTO_ACCOUNT_ID", "210987654321")
    with account(), pytest.raises(SlipwayError, match="credentials belong to another account"):
        project.find(ROOT).sign_in()
