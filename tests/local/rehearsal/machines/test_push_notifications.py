import json
import urllib.error
import urllib.request

import pytest

from local.rehearsal.machines import addresses, push_notifications
from local.rehearsal.machines.push_notifications import Push

PUSHED = {"action": "push", "target": {"repository": "my-app", "digest": "sha256:1", "tag": "c1"}}
LAYER = {"action": "push", "target": {"repository": "my-app", "digest": "sha256:2"}}
PULLED = {"action": "pull", "target": {"repository": "my-app", "digest": "sha256:1", "tag": "c1"}}


def notify(url: str, *events: object) -> int:
    request = urllib.request.Request(url, json.dumps({"events": events}).encode())
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(request) as answer:
        status: int = answer.status
        return status


def test_a_tag_that_was_pushed_is_heard_and_layers_and_pulls_are_not() -> None:
    heard: list[Push] = []
    with push_notifications.listening(addresses.own_address(), heard.append) as url:
        assert notify(url, LAYER, PULLED, PUSHED) == 200
    assert heard == [Push("my-app", "sha256:1", "c1")]


def test_what_could_not_be_taken_in_is_answered_so_that_it_is_told_again(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def fail(_push: Push) -> None:
        raise ValueError("not now")

    with (
        push_notifications.listening(addresses.own_address(), fail) as url,
        pytest.raises(urllib.error.HTTPError, match="500"),
    ):
        notify(url, PUSHED)
    assert "not now" in capsys.readouterr().err
