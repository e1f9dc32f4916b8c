"""main.py: a mistake in the settings, or in adopt.toml beside them, is one message."""

from pathlib import Path

import pytest

from main import main
from modules.config import adopted
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


def test_main_py_is_short() -> None:
    lines = (Path(__file__).parents[2] / "main.py").read_text("utf-8").splitlines()
    assert len(lines) < 50, "it has the stacks and their order; the rest belongs into modules/"
