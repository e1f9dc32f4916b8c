"""Every policy of a plan before and after: its owner and statements, or why they are not known."""

from collections.abc import Iterator
from dataclasses import dataclass

from plan_review.iam.declared_policy import DOCUMENT, declared_statements
from plan_review.iam.grants_without_policy import grant_type
from plan_review.iam.permission_change import PolicyKind
from plan_review.iam.policy_attributes import POLICY_ATTRIBUTES, PolicyAttribute
from plan_review.iam.policy_document import statements_of_document
from plan_review.iam.policy_owners import PolicyOwner, PolicyOwners, field
from plan_review.iam.statement import NoPolicyError, PolicyStatement, parse
from plan_review.plan import UNKNOWN, Action, Masked, ResourceChange, Value


@dataclass(frozen=True)
class HeldPolicy:
    """One policy on one side. problem: why its statements are not known; "" if they are."""

    change: ResourceChange
    after: bool
    who: PolicyOwner
    policy_kind: PolicyKind
    statements: tuple[PolicyStatement, ...]
    problem: str = ""


def held_policies(change: ResourceChange, owners: PolicyOwners) -> Iterator[HeldPolicy]:
    """The policies of a resource, before and after."""
    for place in POLICY_ATTRIBUTES.get(change.type, ()):
        yield from _of_place(change, place, owners)
    if grants := grant_type(change.type):
        for after, side in _sides(change):
            who = owners.of(change, grants.noun, field(side, grants.owner))
            unknown = grants.is_unknown(side)
            said = () if unknown else tuple(grants.read(side))
            problem = "is known only after apply" if unknown else ""
            yield HeldPolicy(change, after, who, PolicyKind.RESOURCE, said, problem)


def _sides(change: ResourceChange) -> Iterator[tuple[bool, dict[str, Value]]]:
    for after, side in ((False, change.before), (True, change.after)):
        if isinstance(side, dict):
            yield after, side


def _of_place(change: ResourceChange, place: PolicyAttribute, owners: PolicyOwners) -> Iterator[HeldPolicy]:
    if place.computed and not _configured(change, place):
        return
    for after, side in _sides(change):
        who = owners.of(change, place.noun, field(side, place.owner))
        for value in _at(side, place.attribute):
            said, problem = _later(change, place, owners) if value is UNKNOWN else _read(value)
            yield HeldPolicy(change, after, who, place.policy_kind, said, problem)


def _configured(change: ResourceChange, place: PolicyAttribute) -> bool:
    """Whether a policy that the provider may set by itself is configured and changes."""
    before, after = _at(change.before, place.attribute), _at(change.after, place.attribute)
    if UNKNOWN in after and (change.action is Action.CREATE or change.action.replaces):
        return bool(_at(change.written, place.attribute))
    return before != after


def _at(side: Value, attribute: str) -> list[Value]:
    """The values of an attribute, or of ``blocks.attribute`` in each block, that are set."""
    if "." in attribute:
        blocks, attribute = attribute.split(".", 1)
        listed = field(side, blocks)
        found = [field(block, attribute) for block in listed] if isinstance(listed, list) else [listed]
    else:
        found = [field(side, attribute)]
    return [value for value in found if value not in (None, "")]


def _later(
    change: ResourceChange, place: PolicyAttribute, owners: PolicyOwners
) -> tuple[tuple[PolicyStatement, ...], str]:
    """The known statements of a policy that is known only after apply, and why they are incomplete."""
    texts = [template for template in _at(change.written, place.attribute) if isinstance(template, str)]
    if not texts or all(map(DOCUMENT.fullmatch, texts)):
        return statements_of_document(change, owners)
    read = [declared_statements(text) for text in texts]
    problem = next((problem for _, problem in read if problem), "")
    return tuple(statement for said, _ in read for statement in said), problem


def _read(value: Value) -> tuple[tuple[PolicyStatement, ...], str]:
    """What a policy says, and why it is not known, if it is not."""
    if isinstance(value, Masked):
        return (), "is marked sensitive, and cannot be shown"
    try:
        return parse(value) if isinstance(value, str) else parse("null"), ""
    except NoPolicyError as error:
        return (), f"cannot be read: {error}"
