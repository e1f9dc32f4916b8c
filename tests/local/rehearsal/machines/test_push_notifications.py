import json
import socket
import struct
import threading
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

import pytest

from local.rehearsal.machines import addresses, push_notifications
from local.rehearsal.machines.push_notifications import Push

PUSHED = {"action": "push", "target": {"repository": "my-app", "digest": "sha256:1", "tag": "c1"}}
LAYER = {"action": "push", "target": {"repository": "my-app", "digest": "sha256:2"}}
PATIENT = 30.0
PULLED = {"action": "pull", "target": {"repository": "my-app", "digest": "sha256:1", "tag": "c1"}}


def notify(url: str, *events: object) -> int:
    request = urllib.request.Request(url, json.dumps({"events": events}).encode())
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(request) as answer:
        status: int = answer.status
        return status


def test_a_tag_that_was_pushed_is_heard_and_layers_and_pulls_are_not(tmp_path: Path) -> None:
    heard: list[Push] = []
    with push_notifications.listening(addresses.own_address(), tmp_path / "log", heard.append) as url:
        assert notify(url, LAYER, PULLED, PUSHED) == 200
    assert heard == [Push("my-app", "sha256:1", "c1")]


def test_what_could_not_be_taken_in_is_answered_so_that_it_is_told_again_and_logged(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    def fail(_push: Push) -> None:
        raise ValueError("not now")

    log = tmp_path / "log"
    with (
        push_notifications.listening(addresses.own_address(), log, fail) as url,
        pytest.raises(urllib.error.HTTPError, match="500"),
    ):
        notify(url, PUSHED)
    assert "not now" in log.read_text()
    assert capfd.readouterr() == ("", "")


def test_whoever_hangs_up_while_a_push_is_handled_leaves_nothing_on_the_screen(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """As an interrupted registry does: what it sent is still handled, and its end is waited for."""
    begun, gone, handled = threading.Event(), threading.Event(), threading.Event()

    def fail(_push: Push) -> None:
        begun.set()
        gone.wait(PATIENT)
        handled.set()
        raise ConnectionRefusedError("the registry is gone")

    body = json.dumps({"events": [PUSHED]}).encode()
    with push_notifications.listening(addresses.own_address(), tmp_path / "log", fail) as url:
        place = urllib.parse.urlsplit(url)
        with socket.create_connection((place.hostname, place.port)) as connection:
            connection.sendall(b"POST / HTTP/1.1\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))
            assert begun.wait(PATIENT)
            linger = struct.pack("ii", 1, 0)  # closing sends a reset: the answer cannot be written
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        gone.set()
    assert handled.is_set()
    assert "the registry is gone" in (tmp_path / "log").read_text()
    assert capfd.readouterr() == ("", "")
