"""How the real process ends: readiness first, then no new connections, then what is under way, then 0."""

import http.client
import signal
import socket
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from app.tests.conftest import Start
from app.tests.service import PATIENCE_SECONDS, get, wait_until


def refuses_connections(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_SECONDS).close()
    except ConnectionRefusedError:
        return True
    return False


def send_request(port: int) -> http.client.HTTPConnection:
    """Send a request and come back before its answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
    connection.request("GET", "/")
    return connection


def test_told_to_stop_it_fails_readiness_and_serves_on_during_the_grace(start: Start) -> None:
    service = start(SHUTDOWN_GRACE_SECONDS="300")
    port = service.listening()
    assert get(port, "/readyz")[0] == 200

    service.terminate()

    assert get(port, "/readyz") == (503, {"status": "not ready", "reason": "draining"})
    assert get(port, "/healthz")[0] == 200
    assert get(port, "/")[0] == 200


def test_a_request_under_way_is_answered_before_it_exits_with_0(start: Start) -> None:
    service = start(SHUTDOWN_GRACE_SECONDS="300", SLIPWAY_FAULTS="slow:4")
    port = service.listening()
    under_way = send_request(port)
    wait_until(lambda: get(port, "/healthz")[0] == 200)  # connections are taken in order: it has the request

    service.terminate()
    assert get(port, "/readyz")[0] == 503
    service.terminate()  # again: the grace is over
    wait_until(lambda: refuses_connections(port))
    assert service.process.poll() is None

    answer = under_way.getresponse()
    assert (answer.status, answer.headers["connection"]) == (200, "close")
    assert service.exit_status() == 0


def test_a_connection_kept_open_does_not_keep_the_process(start: Start) -> None:
    service = start(SHUTDOWN_GRACE_SECONDS="0")
    idle = send_request(service.listening())
    idle.getresponse().read()

    service.terminate()

    assert service.exit_status() == 0


def test_a_request_that_never_ends_is_cut_off_at_the_deadline(start: Start) -> None:
    service = start(SHUTDOWN_GRACE_SECONDS="0", SHUTDOWN_DEADLINE_SECONDS="1", SLIPWAY_FAULTS="hang")
    port = service.listening()
    never_answered = send_request(port)
    never_answered.sock.settimeout(0.2)
    with pytest.raises(TimeoutError):
        never_answered.getresponse()

    begun = time.monotonic()
    service.terminate()

    service.wait_for_log("Cancel 1 running task")
    assert service.exit_status() == 0
    assert time.monotonic() - begun >= 1
    assert [line["status"] for line in service.rest_of_log() if line["message"] == "request"] == [None]


def test_told_twice_it_leaves_out_the_grace(start: Start) -> None:
    service = start(SHUTDOWN_GRACE_SECONDS="300")
    service.listening()

    service.terminate()
    service.terminate()

    assert service.exit_status() == 0


def test_ctrl_c_leaves_out_the_grace(start: Start) -> None:
    service = start(SHUTDOWN_GRACE_SECONDS="300")
    service.listening()

    service.process.send_signal(signal.SIGINT)

    assert service.exit_status() == 0


def test_hang_on_sigterm_never_ends(start: Start) -> None:
    faults = "hang_on_sigterm"
    service = start(SHUTDOWN_GRACE_SECONDS="0", SHUTDOWN_DEADLINE_SECONDS="0", SLIPWAY_FAULTS=faults)
    port = service.listening()

    service.terminate()
    service.wait_for_log("hang_on_sigterm")
    service.terminate()
    service.wait_for_log("hang_on_sigterm")

    assert get(port, "/readyz")[0] == 503
    assert get(port, "/")[0] == 200
    assert service.process.poll() is None


def test_no_request_fails_while_a_client_moves_away_on_readiness(start: Start) -> None:
    """A load balancer in small: it sends requests until readiness fails, and then none."""
    service = start(SHUTDOWN_GRACE_SECONDS="300")
    port = service.listening()
    statuses: list[int] = []
    with ThreadPoolExecutor() as pool:
        clients = [pool.submit(ask_while_ready, port, statuses) for _ in range(4)]
        wait_until(lambda: len(statuses) >= 40)
        service.terminate()
        for client in clients:
            client.result(PATIENCE_SECONDS)
    service.terminate()  # again: the grace is over

    assert set(statuses) == {200}
    assert service.exit_status() == 0


def ask_while_ready(port: int, statuses: list[int]) -> None:
    """Ask over one connection, made again where the service closes it, until readiness fails."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
    while get(port, "/readyz")[0] == 200:
        connection.request("GET", "/")
        answer = connection.getresponse()
        answer.read()
        statuses.append(answer.status)
    connection.close()
