"""What ``--dry-run`` prints: the calls that would be made, a line of JSON each. It makes none."""

from collections.abc import Iterable

from slipway import console
from slipway.releases.plan import Step


def would_call(steps: Iterable[Step]) -> None:
    """Print them."""
    console.message("\nnothing was changed; this would be called:")
    for each in steps:
        console.data(each.line())
