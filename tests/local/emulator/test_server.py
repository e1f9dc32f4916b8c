"""The emulator answers one request at a time, because moto changes its records without locks."""

from collections.abc import Callable, Iterable
from io import BytesIO
from threading import Thread
from typing import TYPE_CHECKING

import pytest

from local.emulator.server import serial

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


def start_response(*_: object) -> Callable[[bytes], object]:
    """Takes the status and headers; nothing is written."""
    return BytesIO().write


def test_a_request_waits_until_the_one_before_it_is_answered() -> None:
    steps: list[str] = []
    waits: list[bool] = []

    def application(environ: "WSGIEnvironment", _: "StartResponse") -> Iterable[bytes]:
        steps.append(f"{environ['PATH_INFO']} begins")
        if environ["PATH_INFO"] == "first":
            second.start()
            second.join(0.1)
            waits.append(second.is_alive())
        steps.append(f"{environ['PATH_INFO']} ends")
        return []

    served = serial(application)
    second = Thread(target=served, args=({"PATH_INFO": "second"}, start_response))
    served({"PATH_INFO": "first"}, start_response)
    second.join()
    assert waits == [True]
    assert steps == ["first begins", "first ends", "second begins", "second ends"]


def test_the_next_request_is_answered_after_one_that_fails() -> None:
    def application(environ: "WSGIEnvironment", _: "StartResponse") -> Iterable[bytes]:
        if environ["PATH_INFO"] == "fails":
            raise ValueError
        return [b"answered"]

    served = serial(application)
    with pytest.raises(ValueError):  # noqa: PT011 - the application's own
        served({"PATH_INFO": "fails"}, start_response)
    assert served({"PATH_INFO": "next"}, start_response) == [b"answered"]


@pytest.mark.parametrize("length", ["4", "", None])
def test_the_application_reads_the_whole_body(length: str | None) -> None:
    served: WSGIApplication = serial(lambda environ, _: [environ["wsgi.input"].read()])
    environ = {"wsgi.input": BytesIO(b"body")} | ({} if length is None else {"CONTENT_LENGTH": length})
    assert served(environ, start_response) == [b"body"]


def test_a_client_that_sends_its_body_slowly_does_not_hold_up_another() -> None:
    class Slow(BytesIO):
        """A body during whose transfer another request is answered."""

        def read(self, size: int | None = -1) -> bytes:
            assert served({"PATH_INFO": "other"}, start_response) == [b"answered"]
            return super().read(size)

    served: WSGIApplication = serial(lambda _, __: [b"answered"])
    assert served({"CONTENT_LENGTH": "4", "wsgi.input": Slow(b"body")}, start_response) == [b"answered"]
