"""How the real process starts, and what it says and returns where it cannot."""

import socket
from datetime import datetime, timedelta

from app.tests.conftest import Start
from app.tests.service import get


def test_it_serves_as_soon_as_it_listens_and_logs_nothing_but_json(start: Start) -> None:
    service = start(SLIPWAY_COMMIT="c0ffee")

    status, page = get(service.listening(), "/")

    assert (status, page["commit"]) == (200, "c0ffee")
    service.wait_for_log("request")
    assert service.lines[-1]["path"] == "/"


def test_wrong_configuration_is_said_plainly_and_ends_it_with_2(start: Start) -> None:
    process = start(PORT="http", SLIPWAY_FAULTS="fire").process

    out, err = process.communicate(timeout=30)

    assert (process.returncode, out) == (2, "")
    assert err.startswith("PORT must be a whole number from 0 to 65535, not 'http'\nSLIPWAY_FAULTS must be")
    assert len(err.splitlines()) == 2


def test_a_port_that_is_taken_is_logged_and_ends_it_with_3(start: Start) -> None:
    with socket.create_server(("127.0.0.1", 0)) as stranger:
        service = start(PORT=str(stranger.getsockname()[1]))

        service.wait_for_log("address already in use")

        assert service.exit_status() == 3


def test_crash_after_ends_it_with_70_while_it_serves(start: Start) -> None:
    service = start(SLIPWAY_FAULTS="crash_after:4")

    service.listening()
    service.wait_for_log("crash_after")

    assert service.exit_status() == 70


def test_crash_after_nothing_ends_it_before_it_listens(start: Start) -> None:
    service = start(SLIPWAY_FAULTS="crash_after:0")

    service.wait_for_log("crash_after")

    assert service.exit_status() == 70
    assert len(service.lines) == 1


def test_slow_start_does_not_listen_yet_and_can_be_told_to_stop(start: Start) -> None:
    service = start(SLIPWAY_FAULTS="slow_start:600")
    service.wait_for_log("slow_start")

    service.process.terminate()

    assert service.exit_status() == 0
    assert [line["message"] for line in service.lines] == [
        "slow_start: waiting, because SLIPWAY_FAULTS is set"
    ]


def test_slow_start_serves_when_its_time_is_over(start: Start) -> None:
    service = start(SLIPWAY_FAULTS="slow_start:1")

    assert get(service.listening(), "/readyz")[0] == 200
    begun, listening = (datetime.fromisoformat(service.lines[at]["time"]) for at in (0, -1))
    assert listening - begun >= timedelta(seconds=0.99)  # a log's times are in milliseconds
