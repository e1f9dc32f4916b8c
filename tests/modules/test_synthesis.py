"""main.py: a mistake in the settings, or in adopt.toml beside them, is one message."""

import signal
from pathlib import Path

import pytest

from main import main
from modules.config import adopted
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
