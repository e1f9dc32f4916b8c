"""Calls that AWS refused, as they are recorded."""

from typing import NamedTuple


class ClientRefusal(NamedTuple):
    """A call that AWS refused. code, message: AWS's error code and error message."""

    service: str
    operation: str
    code: str
    message: str
