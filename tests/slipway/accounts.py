"""An AWS account inside the test's own process: moto, with what it lacks of S3."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from moto import mock_aws

from local.emulator.gaps import s3
from slipway.aws.clients import Aws

ACCOUNT = "123456789012"
REGION: Final = "eu-central-1"
KEYS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}


@contextmanager
def account(region: str = REGION) -> Iterator[Aws]:
    """Clients of an empty account."""
    s3.fill()
    with mock_aws():
        yield Aws(region, KEYS)
