"""What ``slipway adopt --json`` prints."""

from slipway.adopt.search import Candidate, Outcome
from slipway.adopt.stack_adoption import StackAdoption
from slipway.console.documents import Document


class PlannedCandidate(Document):
    """A planned resource, and what exists of it in AWS."""

    address: str
    """Its address in the stack."""
    type: str
    """Its type in Terraform."""
    outcome: Outcome
    """What was found. "in the state": managed already. "given": adopt.toml has its id. "found": it exists and
    can be imported. "ambiguous": several exist. "different": it exists, but Terraform would replace it.
    "new": nothing exists, so it is created. "not searched": see why."""
    ids: tuple[str, ...]
    """The ids by which Terraform would import it; several if ambiguous."""
    by: str
    """What identifies it in AWS; empty if nothing was found."""
    why: str
    """Why it was not searched, how it differs, or which other address is the same resource; else empty."""


class AdoptableStack(Document):
    """A stack, and what exists of it."""

    stack: str
    """The stack's name."""
    resources: tuple[PlannedCandidate, ...]
    """Its planned resources, in the order of their addresses."""


class Adoption(Document):
    """What ``slipway adopt --json`` prints."""

    stacks: tuple[AdoptableStack, ...]
    """The stacks, in the order of the manifest."""


def document(adoptions: tuple[StackAdoption, ...]) -> Adoption:
    """The document of what was found."""
    return Adoption(
        stacks=tuple(
            AdoptableStack(
                stack=adoption.stack, resources=tuple(_candidate(found) for found in adoption.candidates)
            )
            for adoption in adoptions
        )
    )


def _candidate(found: Candidate) -> PlannedCandidate:
    return PlannedCandidate(
        address=found.address,
        type=found.type,
        outcome=found.outcome,
        ids=found.ids,
        by=found.by,
        why=found.why,
    )
