"""The logs: one JSON object a line, with what is needed and no secret."""

import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest

from app import logs
from app.config import Config
from app.pages import Pages
from app.tests.conftest import Ask

Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def logging_put_back() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    logging.captureWarnings(capture=False)
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.fixture(autouse=True)
def hook_put_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.excepthook", None)


def lines(captured: Capture, *, logger: str = "app.access") -> list[dict[str, Any]]:
    written = [json.loads(line) for line in captured.readouterr().out.splitlines()]
    return [line for line in written if line["logger"] == logger]


def test_a_line_says_when_how_bad_who_and_what(capsys: Capture) -> None:
    logs.configure(logging.INFO)

    logging.getLogger("some").warning("two\nlines of %s", "text")

    (line,) = lines(capsys, logger="some")
    assert line["time"].endswith("+00:00")
    assert (line["level"], line["message"]) == ("warning", "two\nlines of text")


def test_an_exception_stays_one_line_with_its_traceback(capsys: Capture) -> None:
    logs.configure(logging.INFO)

    try:
        _ = 1 / 0
    except ZeroDivisionError:
        logging.getLogger("some").exception("failed")

    (line,) = lines(capsys, logger="some")
    assert "Traceback" in line["exception"]
    assert "ZeroDivisionError" in line["exception"]


def test_a_request_is_logged_with_how_it_ended(ask: Ask, capsys: Capture) -> None:
    logs.configure(logging.INFO)

    ask().get("/nowhere", headers={"X-Amzn-Trace-Id": "Root=1-67891233-abcdef012345678912345678"})

    (line,) = lines(capsys)
    assert (line["method"], line["path"], line["status"], line["level"]) == ("GET", "/nowhere", 404, "info")
    assert line["duration_ms"] >= 0
    assert line["trace"] == "Root=1-67891233-abcdef012345678912345678"


def test_neither_query_nor_headers_are_logged(ask: Ask, capsys: Capture) -> None:
    logs.configure(logging.DEBUG)

    ask().get("/?token=hush", headers={"Authorization": "Bearer hush", "Cookie": "session=hush"})

    written = capsys.readouterr().out
    assert '"path": "/"' in written
    assert "hush" not in "".join(line for line in written.splitlines() if '"app.' in line)


def test_health_checks_are_logged_only_if_they_fail(ask: Ask, capsys: Capture) -> None:
    logs.configure(logging.INFO)
    client = ask(SLIPWAY_FAULTS="unready")

    client.get("/healthz")
    client.get("/readyz")

    (line,) = lines(capsys)
    assert (line["path"], line["status"], line["level"]) == ("/readyz", 503, "warning")


def test_a_mistake_in_a_page_is_a_500_in_answer_and_log_and_tells_nobody_why(
    ask: Ask, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    logs.configure(logging.INFO)

    async def broken(_: Pages, _request: object) -> None:
        raise RuntimeError("inside")

    monkeypatch.setattr(Pages, "home", broken)
    answer = ask().get("/")

    assert (answer.status_code, answer.json()) == (500, {"error": "Internal Server Error"})
    (line,) = lines(capsys)
    assert (line["status"], line["level"]) == (500, "warning")


def test_the_log_level_is_the_configured_one(capsys: Capture) -> None:
    logs.configure(Config.from_environment({"LOG_LEVEL": "error"}).log_level)

    logging.getLogger("some").warning("not said")
    logging.getLogger("some").error("said")

    assert [line["message"] for line in lines(capsys, logger="some")] == ["said"]
