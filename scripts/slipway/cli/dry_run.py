"""What ``--dry-run`` prints: the calls that would be made, a line of JSON each. It makes none."""

from collections.abc import Iterable

from slipway import console
from slipway.console import documents
from slipway.console.documents import Document
from slipway.releases.plan import Step, StepCondition


class PlannedCall(Document):
    """A line that ``--dry-run`` prints: one call to AWS."""

    service: str
    """boto3's name of the service."""
    operation: str
    """The operation, as the service's API names it."""
    parameters: dict[str, object]
    """What is sent."""
    condition: StepCondition
    """When the call is made."""


def would_call(steps: Iterable[Step]) -> None:
    """Print the calls that would be made, a line for each."""
    console.message("\nnothing was changed; this would be called:")
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
