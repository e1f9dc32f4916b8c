"""What the service answers, page by page."""

from starlette.testclient import TestClient

from app.config import Config
from app.lifecycle import Lifecycle
from app.tests.conftest import Ask
from app.web import create_app

DIGEST = "sha256:" + "a" * 64


def test_the_home_page_says_which_commit_answers(ask: Ask) -> None:
    answer = ask(SLIPWAY_COMMIT="c0ffee").get("/")

    assert answer.status_code == 200
    assert answer.json() == {"message": "Hello from Slipway", "commit": "c0ffee"}


def test_version_says_which_commit_and_image_run(ask: Ask) -> None:
    answer = ask(SLIPWAY_COMMIT="c0ffee", SLIPWAY_DIGEST=DIGEST).get("/version")

    assert answer.status_code == 200
    assert answer.json() == {"commit": "c0ffee", "digest": DIGEST}


def test_version_admits_what_it_was_not_told(ask: Ask) -> None:
    assert ask().get("/version").json() == {"commit": "unknown", "digest": "unknown"}


def test_a_running_service_is_alive_and_ready(ask: Ask) -> None:
    client = ask()

    assert (client.get("/healthz").status_code, client.get("/readyz").status_code) == (200, 200)


def test_a_draining_service_is_not_ready_but_alive_and_at_work() -> None:
    lifecycle = Lifecycle(Config().faults)
    client = TestClient(create_app(Config(), lifecycle))

    lifecycle.drain()

    assert client.get("/readyz").status_code == 503
    assert client.get("/readyz").json() == {"status": "not ready", "reason": "draining"}
    assert (client.get("/healthz").status_code, client.get("/").status_code) == (200, 200)


def test_connections_are_closed_one_by_one_only_while_draining() -> None:
    lifecycle = Lifecycle(Config().faults)
    client = TestClient(create_app(Config(), lifecycle))
    assert "connection" not in client.get("/").headers

    lifecycle.drain()

    assert client.get("/").headers["connection"] == "close"


def test_head_is_answered_like_get_without_a_body(ask: Ask) -> None:
    answer = ask().head("/readyz")

    assert (answer.status_code, answer.content) == (200, b"")


def test_a_page_that_is_not_there_is_answered_in_json(ask: Ask) -> None:
    answer = ask().get("/nowhere")

    assert (answer.status_code, answer.json()) == (404, {"error": "Not Found"})


def test_a_method_that_a_page_does_not_know_is_refused_with_those_it_does(ask: Ask) -> None:
    answer = ask().post("/")

    assert (answer.status_code, answer.json()) == (405, {"error": "Method Not Allowed"})
    assert set(answer.headers["allow"].split(", ")) == {"GET", "HEAD"}
