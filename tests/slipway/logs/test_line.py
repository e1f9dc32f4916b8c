import json

import pytest

from slipway.aws.logs import LogEvent
from slipway.console import documents
from slipway.logs.line import Line
from slipway.logs.log_groups import ServiceLogGroup
from slipway.logs.source import LogSource

APP = ServiceLogGroup("/my-app/staging/app", LogSource.APP, "my-app-staging", "staging")
BUILD = ServiceLogGroup("/my-app/delivery/build", LogSource.BUILD, "my-app-delivery")
AT = 1_772_366_400_007  # 2026-03-01T12:00:00.007Z


def texts(message: str, group: ServiceLogGroup = APP, *, sources: bool = False) -> list[str]:
    return list(Line(group, LogEvent(AT, "1", "i-0abc/c0ffee", message)).text(sources=sources))


def test_a_line_says_when_where_and_what() -> None:
    assert texts("GET / 200\n") == ["2026-03-01T12:00:00.007Z staging i-0abc GET / 200"]


def test_it_says_who_wrote_it_where_there_are_several() -> None:
    assert texts("up", sources=True) == ["2026-03-01T12:00:00.007Z staging i-0abc app up"]
    assert texts("up", BUILD, sources=True) == ["2026-03-01T12:00:00.007Z build up"]


def test_each_line_of_a_message_has_its_time_and_host() -> None:
    assert texts("Traceback\r\n\tin main\n") == [
        "2026-03-01T12:00:00.007Z staging i-0abc Traceback",
        "2026-03-01T12:00:00.007Z staging i-0abc \tin main",
    ]


def test_an_empty_message_is_a_line_too() -> None:
    assert texts("\n") == ["2026-03-01T12:00:00.007Z staging i-0abc "]


def test_what_a_terminal_would_obey_is_spelled_out() -> None:
    (line,) = texts("\x1b]0;owned\x07 \x9b31m \u202etxt.exe ünïcode 🚢")
    assert line.endswith(r" \x1b]0;owned\x07 \x9b31m \u202etxt.exe ünïcode 🚢")


def test_the_name_of_a_stream_is_trusted_as_little_as_its_lines() -> None:
    (line,) = Line(APP, LogEvent(AT, "1", "\x1b[31m/c0ffee", "up")).text(sources=False)
    assert "\x1b" not in line


def test_json_has_everything_and_nothing_that_a_terminal_obeys(capsys: pytest.CaptureFixture[str]) -> None:
    red = Line(APP, LogEvent(AT, "42", "i-0abc/c0ffee", "\x1b[31mred\u202e\n"))
    documents.show(red.document(), on_one_line=True)
    line = capsys.readouterr().out.removesuffix("\n")
    assert line.isascii()
    assert line.isprintable()
    assert json.loads(line) == {
        "time": "2026-03-01T12:00:00.007Z",
        "environment": "staging",
        "host": "i-0abc",
        "source": "app",
        "stream": "i-0abc/c0ffee",
        "message": "\x1b[31mred\u202e",
        "id": "42",
    }
