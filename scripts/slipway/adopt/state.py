"""What a stack's state holds at addresses that the stack does not plan."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any  # a state's attributes

from modules.config.adopted import INDEX
from slipway.adopt.stack import PlannedResource, PlannedStack
from slipway.aws.existing.table import LOOKUPS
from slipway.aws.existing.wanted import AbsentError, UnknownArgumentError
from slipway.terraform.state.contents import StateResource


@dataclass(frozen=True)
class LeftResources:
    """What remains in the state at an address that nothing plans, so that the apply would destroy it.

    address: without the keys of its instances, if a removed block can name it. ids: of its instances.
    removable: whether a removed block can name it. same: the address in the stack of the same object, or "".
    """

    address: str
    ids: tuple[str, ...]
    removable: bool = True
    same: str = ""


class StackState:
    """The state of a stack, seen from what the stack plans."""

    def __init__(self, resources: Mapping[str, StateResource], stack: PlannedStack) -> None:
        self._resources = resources
        self._stack = stack
        self._unplanned = {
            address: resource
            for address, resource in resources.items()
            if not stack.plans(address) and INDEX.sub("", address) not in stack.removed
        }

    def holding(self, type: str, id: str) -> tuple[list[str], list[str]]:
        """The addresses that hold an object: those that the stack plans, and those that it does not."""
        found = [
            address
            for address, resource in self._resources.items()
            if resource.type == type and id in import_ids(resource)
        ]
        return [address for address in found if self._stack.plans(address)], [
            address for address in found if not self._stack.plans(address)
        ]

    def alike(self, resource: PlannedResource, taken: Collection[str]) -> list[StateResource]:
        """What no address plans and has the arguments of a planned resource. taken: addresses of others."""
        return [
            held
            for address, held in self._unplanned.items()
            if held.type == resource.type and address not in taken and _has_arguments(held, resource)
        ]

    def left(self, moved: Collection[str]) -> tuple[LeftResources, ...]:
        """What remains, in the order of the addresses. moved: the addresses from which something moves."""
        groups: dict[str, list[StateResource]] = {}
        for address, resource in self._unplanned.items():
            if address not in moved:
                plain = INDEX.sub("", address)
                removable = self._stack.at(plain) is None
                groups.setdefault(plain if removable else address, []).append(resource)
        return tuple(self._left(address, groups[address]) for address in sorted(groups))

    def _left(self, address: str, found: list[StateResource]) -> LeftResources:
        ids = tuple(sorted(str(resource.attributes.get("id") or resource.address) for resource in found))
        same = {
            other.address
            for resource in found
            for other in self._resources.values()
            if other not in found and other.type == resource.type and import_ids(other) & import_ids(resource)
        }
        removable = self._stack.at(INDEX.sub("", address)) is None
        return LeftResources(address, ids, removable, min(same, default=""))


def import_id(resource: StateResource) -> str:
    """The id by which Terraform would import a resource of a state; "" if the state has none."""
    lookup = LOOKUPS.get(resource.type)
    if lookup and "{" in lookup.id:
        return _filled(lookup.id, resource.attributes)
    return str(resource.attributes.get("id") or "")


def import_ids(resource: StateResource) -> set[str]:
    """The ids by which a resource of a state can be found: for some types also the ARN."""
    lookup = LOOKUPS.get(resource.type)
    arn = "" if lookup and "{" in lookup.id else str(resource.attributes.get("arn") or "")
    return {import_id(resource), arn} - {""}


def _filled(form: str, attributes: Mapping[str, Any]) -> str:
    return re.sub(r"\{(\w+)\}", lambda match: str(attributes.get(match[1]) or ""), form)


def _has_arguments(held: StateResource, resource: PlannedResource) -> bool:
    """Whether a resource of the state has all arguments of a planned one that can be compared, and one is."""
    try:
        compared = [held.attributes[name] == value for name, value in _comparable(held, resource)]
    except AbsentError:
        return False
    return bool(compared) and all(compared)


def _comparable(held: StateResource, resource: PlannedResource) -> Iterator[tuple[str, Any]]:
    """The arguments that are text, numbers, or maps of them; what only Terraform can evaluate is left out."""
    for name, value in resource.arguments.items():
        if name not in held.attributes:
            continue
        if isinstance(value, str):
            try:
                yield name, resource.text(name)
            except UnknownArgumentError:
                continue
        elif isinstance(value, bool | int | float) or (isinstance(value, dict) and "${" not in str(value)):
            yield name, value
