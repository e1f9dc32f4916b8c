"""What AWS refused, call by call, for whoever wants to know it later."""

from typing import NamedTuple


class ClientRefusal(NamedTuple):
    """A call that AWS refused: its service, its operation, AWS's code and words."""

    service: str
    operation: str
    code: str
    message: str
