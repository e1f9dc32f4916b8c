"""Everything is looked at; what rests on something missing is said to be left out."""

from pathlib import Path

import pytest
from botocore.exceptions import ClientError

from slipway.aws import connections
from slipway.aws.errors import translated
from slipway.cli import doctor as command
from slipway.doctor import delivery, examination
from slipway.doctor.check import Examination
from tests.slipway.accounts import KEYS
from tests.slipway.status.world import world

ROOT = Path(__file__).parents[3]


@pytest.fixture(autouse=True)
def credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)


@pytest.fixture(autouse=True)
def no_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the emulator's server plays connections; the integration test asks it."""
    monkeypatch.setattr(connections, "named", lambda *_: None)


def examined(root: Path = ROOT) -> Examination:
    with world():
        return examination.examine(root)


def topics(found: Examination, state: str) -> list[str]:
    return [finding.topic for finding in found.findings if finding.state == state]


def test_a_new_account_is_told_the_first_step_and_what_comes_later() -> None:
    found = examined()
    assert not found.healthy
    assert [finding.then for finding in found.findings if finding.topic == "state"] == [
        "run slipway bootstrap"
    ]
    assert {"source", "alerts"} <= set(topics(found, "later"))


def test_wrong_settings_are_told_and_no_account_is_asked(tmp_path: Path) -> None:
    (tmp_path / "pipeline.toml").write_text("service = 1")
    found = examined(tmp_path)
    assert "settings" in topics(found, "todo")
    assert not [finding for finding in found.findings if finding.topic in {"account", "state"}]


def test_without_credentials_the_rest_is_said_to_be_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in KEYS:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    found = [finding for finding in examination.examine(ROOT).findings if finding.topic == "account"]
    assert [each.state for each in found] == ["todo", "later"]
    assert found[0].what == "no AWS credentials found"
    assert found[1].what.startswith("not checked: region")


def test_credentials_of_another_account_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOTO_ACCOUNT_ID", "210987654321")
    found = [finding for finding in examined().findings if finding.topic == "account"]
    assert found[0].what == "the AWS credentials belong to another account: 210987654321"


def test_what_may_not_be_looked_at_is_told_and_the_rest_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(*_: object) -> list[object]:
        message = "User: ana is not authorized to perform: sns:ListSubscriptionsByTopic"
        raise translated(ClientError({"Error": {"Code": "AuthorizationError", "Message": message}}, "List"))

    looks = tuple(
        (topic, denied if look is delivery.subscribers else look) for topic, look in examination.INSIDE
    )
    monkeypatch.setattr(examination, "INSIDE", looks)
    found = examined()
    [alerts] = [finding for finding in found.findings if finding.topic == "alerts"]
    assert alerts.what == "these AWS credentials have no permission for sns:ListSubscriptionsByTopic"
    assert "quotas" in [finding.topic for finding in found.findings]


def test_it_ends_with_1_while_something_is_to_be_done(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)
    with world(), pytest.raises(SystemExit) as end:
        command.doctor(json=False)
    assert end.value.code == 1
    said = capsys.readouterr().out
    assert "todo   the state bucket my-app-tfstate-123456789012-eu-central-1 does not exist\n" in said
    assert "         next: run slipway bootstrap\n" in said
    assert said.rstrip().endswith(" to do")


def test_it_ends_with_0_where_nothing_is_to_be_done(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "examine", lambda _: Examination(healthy=True, findings=()))
    command.doctor(json=True)
    assert Examination.model_validate_json(capsys.readouterr().out).healthy
