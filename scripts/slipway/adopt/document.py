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
    """What was found. "in the state": managed already. "given": adopt.toml has its line. "found": it exists
    and can be imported or moved. "ambiguous": several exist. "different": it exists, but Terraform would
    replace it. "new": nothing exists, so it is created. "not searched": see why."""
    ids: tuple[str, ...]
    """The ids by which Terraform would import it; several if ambiguous."""
    by: str
    """What identifies it in AWS; empty if nothing was found."""
    why: str
    """Why it was not searched, how it differs, or which other address is the same resource; else empty."""
    moved_from: tuple[str, ...]
    """The address at which the state has it, from which it moves; several if ambiguous. Empty if it does not
    move."""


class LeftInState(Document):
    """What a state has and its stack does not plan."""

    address: str
    """Its address, without the keys of its instances."""
    ids: tuple[str, ...]
    """The ids of its instances."""
    same: str
    """The address in the state of the same object; empty if it has no other."""


class AdoptableStack(Document):
    """A stack, and what exists of it."""

    stack: str
    """The stack's name."""
    resources: tuple[PlannedCandidate, ...]
    """Its planned resources, in the order of their addresses."""
    left: tuple[LeftInState, ...]
    """What its state has and the stack does not plan, so that the apply would destroy it."""


class Adoption(Document):
    """What ``slipway adopt --json`` prints."""

    stacks: tuple[AdoptableStack, ...]
    """The stacks, in the order of the manifest."""


def document(adoptions: tuple[StackAdoption, ...]) -> Adoption:
    """The document of what was found."""
    return Adoption(
        stacks=tuple(
            AdoptableStack(
                stack=adoption.stack,
                resources=tuple(_candidate(found) for found in adoption.candidates),
                left=tuple(
                    LeftInState(address=left.address, ids=left.ids, same=left.same) for left in adoption.left
                ),
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
        moved_from=found.moved_from,
    )
