"""Starts the service for a test, in the test's own process or as a separate one."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from starlette.testclient import TestClient

from app.config import Config
from app.tests.service import Service
from app.web import create_app

Ask = Callable[..., TestClient]
Start = Callable[..., Service]


@pytest.fixture
def ask() -> Ask:
    """Returns a client of an application with the given environment variables."""

    def client(**environment: str) -> TestClient:
        config = Config.from_environment(environment)
        return TestClient(create_app(config), raise_server_exceptions=False)

    return client


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts the service as a process with the given environment variables; it is stopped after the test."""
    with ExitStack() as services:
        yield lambda **environment: services.enter_context(Service(environment))
