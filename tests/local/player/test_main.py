"""``python -m local.player`` where it cannot play."""

import pytest

from local.player import __main__


def test_nobody_plays_at_an_aws_that_is_not_emulated(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "https://example.com")
    assert __main__.main() == 2
    assert "AWS_ENDPOINT_URL" in capsys.readouterr().err


def test_without_a_registry_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("PATH", "")
    assert __main__.main() == 1
    assert "apt-get install" in capsys.readouterr().err
