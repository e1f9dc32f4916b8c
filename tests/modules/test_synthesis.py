"""main.py: a mistake in the settings, or in adopt.toml beside them, is one message."""

import signal
from pathlib import Path

from constructs_lib.managed_policy import ManagedPolicy
from constructs_lib.policy import Statement
from constructs_lib.stack import App

import pytest
from cdktf import TerraformStack

from main import main
from modules.config import adopted
from modules.config.settings import PipelineSettings
from modules.synthesis import synthesise_pipeline
from tests.settings import DEMO


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (
            '["my-app-gone"]\n"aws_vpc.a" = "vpc-1"\n',
            "adopt.toml: no stack is named my-app-gone; delete its table",
        ),
        ('["my-app-prod"]\n"aws_vpc" = "vpc-1"\n', "the address of a resource is expected"),
    ],
)
def test_a_mistake_in_adopt_toml_is_told_and_nothing_is_written(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    content: str,
    said: str,
) -> None:
    settings = tmp_path / "pipeline.toml"
    settings.write_bytes(DEMO.read_bytes())
    (tmp_path / adopted.FILE).write_text(content, "utf-8")
    monkeypatch.setenv("SLIPWAY_SETTINGS", str(settings))
    monkeypatch.chdir(tmp_path)

    assert main() == 2
    assert said in capsys.readouterr().err
    assert not (tmp_path / "cdktf.out").exists()


def test_settings_that_make_a_policy_longer_than_aws_allows_are_told_and_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SLIPWAY_SETTINGS", str(DEMO))
    monkeypatch.chdir(tmp_path)

    def build(app: App, _pipeline: PipelineSettings) -> None:
        jobs = [f"arn:aws:sqs:eu-central-1:123456789012:{number:040}" for number in range(100)]
        statement = Statement(actions=["sqs:ReceiveMessage"], resources=jobs)
        ManagedPolicy(
            TerraformStack(app, "stack"), "policy", name="p", description="Reads.", statements=[statement]
        )

    assert synthesise_pipeline(build) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"{DEMO}: the policy p would have 8,")
    assert line.endswith(
        "AWS allows 6,144; shorten names and lists, or divide the environments between two pipelines"
    )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_is_one_message_and_nothing_is_written(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    number: signal.Signals,
) -> None:
    monkeypatch.setenv("SLIPWAY_SETTINGS", str(DEMO))
    monkeypatch.chdir(tmp_path)
    before = [signal.getsignal(each) for each in signal.Signals]

    assert synthesise_pipeline(lambda _app, _pipeline: signal.raise_signal(number)) == 130

    assert capsys.readouterr().err.endswith("interrupted; nothing was written\n")
    assert list(tmp_path.iterdir()) == []
    assert [signal.getsignal(each) for each in signal.Signals] == before


def test_a_place_that_cannot_be_written_is_one_message(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SLIPWAY_SETTINGS", str(DEMO))
    monkeypatch.setenv("CDKTF_OUTDIR", str(tmp_path / "file"))
    (tmp_path / "file").touch()

    assert main() == 1
    assert f"error: the stacks cannot be written to {tmp_path / 'file'}: " in capsys.readouterr().err


def test_main_py_is_short() -> None:
    lines = (Path(__file__).parents[2] / "main.py").read_text("utf-8").splitlines()
    assert len(lines) < 50, "it has the stacks and their order; the rest belongs into modules/"
