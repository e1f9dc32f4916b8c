"""The configuration: its defaults, what it reads, and what it says about mistakes."""

import dataclasses
import logging

import pytest

from app.config import Config, ConfigError
from app.faults import Faults

DIGEST = "sha256:" + "0123456789abcdef" * 4


def mistakes(**environment: str) -> list[str]:
    with pytest.raises(ConfigError) as error:
        Config.from_environment(environment)
    return str(error.value).splitlines()


def test_nothing_has_to_be_set() -> None:
    assert Config.from_environment({}) == Config()
    assert (Config().host, Config().port) == ("0.0.0.0", 8080)
    assert (Config().grace_seconds, Config().deadline_seconds) == (5, 20)
    assert Config().faults == Faults()


def test_every_variable_is_read() -> None:
    environment = {
        "HOST": "127.0.0.1",
        "PORT": "9000",
        "SLIPWAY_COMMIT": "c0ffee",
        "SLIPWAY_DIGEST": DIGEST,
        "LOG_LEVEL": "Debug",
        "SHUTDOWN_GRACE_SECONDS": "0",
        "SHUTDOWN_DEADLINE_SECONDS": "60",
        "SLIPWAY_FAULTS": "unready",
    }

    assert Config.from_environment(environment) == Config(
        host="127.0.0.1",
        port=9000,
        commit="c0ffee",
        digest=DIGEST,
        log_level=logging.DEBUG,
        grace_seconds=0,
        deadline_seconds=60,
        faults=Faults(unready=0),
    )


def test_an_empty_variable_is_as_one_that_is_not_set() -> None:
    assert Config.from_environment({"PORT": "", "SLIPWAY_FAULTS": " "}) == Config()


def test_the_configuration_never_changes() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        Config().port = 1  # type: ignore[misc]  # that it is refused is the point


def test_all_mistakes_are_said_at_once_each_with_its_value() -> None:
    assert mistakes(PORT="http", LOG_LEVEL="loud", SHUTDOWN_GRACE_SECONDS="-1") == [
        "PORT must be a whole number from 0 to 65535, not 'http'",
        "LOG_LEVEL must be one of debug, info, warning, error, not 'loud'",
        "SHUTDOWN_GRACE_SECONDS must be a whole number from 0 to 300, not '-1'",
    ]


@pytest.mark.parametrize("port", ["65536", "-1", "80.0", "８０", "1_000"])
def test_a_port_is_a_whole_number_that_ports_have(port: str) -> None:
    assert mistakes(PORT=port) == [f"PORT must be a whole number from 0 to 65535, not {port!r}"]


@pytest.mark.parametrize("digest", ["c0ffee", "sha256:" + "g" * 64, DIGEST + "0"])
def test_a_digest_is_one_of_an_image(digest: str) -> None:
    said = "must be an image's digest: sha256: and 64 hexadecimal digits"
    assert mistakes(SLIPWAY_DIGEST=digest) == [f"SLIPWAY_DIGEST {said}, not {digest!r}"]
