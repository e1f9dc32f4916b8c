"""What ``--dry-run`` prints: the calls that would be made, a line of JSON each. It makes none."""

from collections.abc import Iterable

from slipway import console
from slipway.aws.requests import Request


def would_call(requests: Iterable[Request]) -> None:
    """Print them."""
    console.message("\nnothing was changed; this would be called:")
    for each in requests:
        console.data(each.line())
