"""An AWS account inside the test's own process: moto, with what it lacks of S3."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Final
from unittest.mock import patch

from moto import mock_aws

from local.emulator import gaps
from local.emulator.gaps import s3
from slipway.aws.clients import Aws

ACCOUNT = "123456789012"
REGION: Final = "eu-central-1"
KEYS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}


_fill = cache(gaps.fill)
_clients = cache(lambda: Aws(REGION, KEYS))  # made once: each takes longer than all that a test asks of it


@contextmanager
def emptied() -> Iterator[Aws]:
    """Clients of an account that has nothing in it, with all that moto lacks; the same for every test."""
    _fill()
    with patch.dict(os.environ, {"MOTO_EC2_LOAD_DEFAULT_AMIS": "false"}), mock_aws():
        yield _clients()


@contextmanager
def account(region: str = REGION) -> Iterator[Aws]:
    """Clients of an empty account."""
    s3.fill()
    with mock_aws():
        yield Aws(region, KEYS)
