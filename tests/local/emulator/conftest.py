"""Two emulated AWSs for a whole run: one with our gaps filled, one that is moto alone."""

from collections.abc import Iterator

import pytest
from botocore.exceptions import ClientError
from botocore.parsers import ResponseParserError

from local.emulator.gaps import GAPS
from local.emulator.process import STRICT, Emulator, running
from tests.local.emulator.clients import ACCOUNT, CERTIFICATE_ARN, CONNECTION_ARN, REGION, Clients

OURS, MOTO = "with our gaps filled", "moto alone"
LACKING = (AssertionError, ClientError, KeyError, ResponseParserError)
CAUGHT_UP = pytest.mark.xfail(
    strict=True, raises=LACKING, reason="moto alone lacks this; if it passes, remove the gap"
)


@pytest.fixture(scope="session")
def emulator() -> Iterator[Emulator]:
    """The emulated AWS."""
    with running(account=ACCOUNT, region=REGION, existing=[CERTIFICATE_ARN, CONNECTION_ARN]) as emulator:
        yield emulator


@pytest.fixture(scope="session")
def aws(emulator: Emulator) -> Clients:
    """Clients of the emulated AWS."""
    return Clients(emulator.endpoint)


@pytest.fixture(scope="session")
def moto() -> Iterator[Clients]:
    """moto as it comes."""
    with running(account=ACCOUNT, region=REGION, without=(*GAPS, STRICT)) as emulator:
        yield Clients(emulator.endpoint)


@pytest.fixture(params=[OURS, pytest.param(MOTO, marks=CAUGHT_UP)])
def beyond_moto(request: pytest.FixtureRequest) -> Clients:
    """The emulated AWS; then moto alone, where the test must fail."""
    name = "aws" if request.param == OURS else "moto"
    clients: Clients = request.getfixturevalue(name)
    return clients
