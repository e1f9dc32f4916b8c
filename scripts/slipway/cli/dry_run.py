"""What ``--dry-run`` prints: the calls to AWS that would be made, each as a line of JSON."""

from collections.abc import Iterable

from slipway import console
from slipway.console import documents
from slipway.console.documents import Document
from slipway.releases.plan import Step, StepCondition


class PlannedCall(Document):
    """A line that ``--dry-run`` prints: one call to AWS."""

    service: str
    """The service's name in boto3."""
    operation: str
    """The operation's name in the service's API."""
    parameters: dict[str, object]
    """The parameters of the call."""
    condition: StepCondition
    """The condition under which the call is made."""


def would_call(steps: Iterable[Step]) -> None:
    """Print the calls that would be made, one line each, and make none."""
    console.message("\nnothing was changed; these calls would be made:")
    for step in steps:
        call = step.request
        documents.show(
            PlannedCall(
                service=call.service,
                operation=call.operation,
                parameters=dict(call.parameters),
                condition=step.condition,
            ),
            on_one_line=True,
        )
