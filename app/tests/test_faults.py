"""The faults: how they are asked for, and what each does to requests."""

import pytest
from starlette.testclient import TestClient

from app.config import Config
from app.faults import Faults
from app.lifecycle import Lifecycle
from app.tests.conftest import Ask
from app.web import create_app


def test_faults_are_asked_for_by_name_with_their_seconds() -> None:
    assert Faults.parse("slow_start:30, unready,errors:2.5") == Faults(slow_start=30, unready=0, errors=2.5)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("fire", "must be made of slow_start, crash_after, unready, errors, hang, slow, hang_on_sigterm"),
        ("unready,,errors", "must be made of slow_start"),
        ("slow_start", "needs seconds for slow_start, as in slow_start:5"),
        ("errors:", "needs seconds for errors, as in errors:5"),
        ("crash_after:soon", "needs seconds for crash_after, as in crash_after:5"),
        ("slow:-1", "needs seconds for slow, as in slow:5"),
        ("hang_on_sigterm:5", "takes no seconds for hang_on_sigterm"),
    ],
)
def test_a_fault_that_is_not_there_or_not_whole_is_refused(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        Faults.parse(text)


def test_unready_fails_readiness_and_nothing_else(ask: Ask) -> None:
    client = ask(SLIPWAY_FAULTS="unready")

    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json() == {"status": "not ready", "reason": "unready, because SLIPWAY_FAULTS is set"}
    assert (client.get("/healthz").status_code, client.get("/").status_code) == (200, 200)


def test_errors_fail_every_page_but_those_that_are_asked_for_health(ask: Ask) -> None:
    client = ask(SLIPWAY_FAULTS="errors")

    assert (client.get("/").status_code, client.get("/nowhere").status_code) == (500, 500)
    for probe in ("/healthz", "/readyz", "/version"):
        assert client.get(probe).status_code == 200


def test_a_fault_with_seconds_begins_when_they_are_over() -> None:
    now = 1000.0
    lifecycle = Lifecycle(Faults.parse("errors:60,unready:90"), clock=lambda: now)
    client = TestClient(create_app(Config(), lifecycle))

    now = 1059.0
    assert (client.get("/").status_code, client.get("/readyz").status_code) == (200, 200)
    now = 1060.0
    assert (client.get("/").status_code, client.get("/readyz").status_code) == (500, 200)
    now = 1090.0
    assert (client.get("/").status_code, client.get("/readyz").status_code) == (500, 503)
