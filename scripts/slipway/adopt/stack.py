"""The planned resources of a synthesised stack, whose arguments lead to what exists in AWS."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any  # Terraform's JSON

from modules.config.adopted import INDEX
from plan_review.cdktf_stack import STACK_FILE
from slipway.aws.existing.table import NOT_IMPORTED
from slipway.aws.existing.wanted import AbsentError, Existing, UnknownArgumentError

REFERENCE = re.compile(
    r"\$\{(?:tolist\()?(?P<address>(?:data\.)?[a-z][a-z0-9_]*\.[A-Za-z_][\w-]*)\.(?P<name>\w+)"
    r"(?:\)?\[(?P<index>\d+)\]\.(?P<field>\w+))?\}"
)
"""A reference to an attribute of a resource, or to a field of an element of an attribute that is a list."""
MODULE = re.compile(r"module\.(?P<name>[\w-]+)")
OWN_IDS = ("allocation_id", "arn", "id", "key_id", "name", "zone_id")
"""Attributes that are the import id, unless the resource's arguments or its search say otherwise."""

Finder = Callable[[str], Existing | None]
"""What exists of the resource at an address; None if nothing does."""


@dataclass(frozen=True)
class PlannedResource:
    """A resource or data source of a stack; it is a ``Wanted`` of the searches in aws/existing."""

    address: str
    type: str
    arguments: Mapping[str, Any]
    others: "PlannedStack"

    @property
    def repeated(self) -> bool:
        """Whether it has count or for_each, so that one address stands for several resources."""
        return bool({"count", "for_each"} & self.arguments.keys())

    def text(self, argument: str) -> str:
        """The argument as text; a dot leads into a block. Raises UnknownArgumentError if it is not set."""
        found = self.maybe(argument)
        if not found:
            raise UnknownArgumentError(argument)
        return found

    def maybe(self, argument: str) -> str:
        """The argument as text; "" if it is not set, or if its block is there several times."""
        value: Any = self.arguments
        for step in argument.split("."):
            value = value[0] if isinstance(value, list) and len(value) == 1 else value
            value = value.get(step) if isinstance(value, Mapping) else None
        if value is None or isinstance(value, dict | list):
            return ""
        return self._resolved(str(value).lower() if isinstance(value, bool) else str(value), argument)

    def referring(self, type: str, argument: str) -> "Iterator[PlannedResource]":
        """The planned resources of a type whose argument refers to this one."""
        start = f"${{{self.address}."
        for resource in self.others.of_type(type):
            value = resource.arguments.get(argument, "")
            if any(str(text).startswith(start) for text in (value if isinstance(value, list) else [value])):
                yield resource

    def _resolved(self, text: str, argument: str) -> str:
        def value(match: re.Match[str]) -> str:
            return self.others.attribute(match, argument)

        found = REFERENCE.sub(value, text)
        if "${" in found.replace("$${", ""):
            raise UnknownArgumentError(argument)
        return found.replace("$${", "${")


class PlannedStack:
    """The resources of a synthesised stack. finder: finds what exists of one of them.

    imported: the addresses of its import blocks. moved: those of its moved blocks, from new to old. removed:
    the addresses of its removed blocks.
    """

    def __init__(self, document: Mapping[str, Any], finder: Finder) -> None:
        self.resources = tuple(self._read(document.get("resource", {}), ""))
        self.imported = {str(block["to"]) for block in document.get("import", ())}
        self.moved = {str(block["to"]): str(block["from"]) for block in document.get("moved", ())}
        self.removed = {str(block["from"]) for block in document.get("removed", ())}
        self._modules = frozenset(document.get("module", {}))
        self._data = tuple(self._read(document.get("data", {}), "data."))
        self._by_address = {found.address: found for found in (*self.resources, *self._data)}
        self._finder = finder

    @classmethod
    def read(cls, directory: Path, finder: Finder) -> "PlannedStack":
        """The stack in a directory that was synthesised."""
        return cls(json.loads((directory / STACK_FILE).read_text("utf-8")), finder)

    def of_type(self, type: str) -> Iterator[PlannedResource]:
        """The resources of a type, in the order of their addresses."""
        return (resource for resource in self.resources if resource.type == type)

    def at(self, address: str) -> PlannedResource | None:
        """The resource or data source at an address."""
        return self._by_address.get(address)

    def plans(self, address: str) -> bool:
        """Whether it plans what a state has at an address: itself, an instance of it, or the module it is in.

        Terraform itself moves the instance 0 of what has no count any more, and what gets one to instance 0.
        """
        module = MODULE.match(address)
        if module:
            return module["name"] in self._modules
        plain = INDEX.sub("", address)
        resource = self._by_address.get(plain)
        return resource is not None and (resource.repeated or address in (plain, f"{plain}[0]"))

    def attribute(self, match: re.Match[str], argument: str) -> str:
        """The value that a REFERENCE leads to. Raises AbsentError or UnknownArgumentError."""
        address, name = match["address"], match["name"]
        existing, resource = self._finder(address), self.at(address)
        if existing is None and resource and resource.type in NOT_IMPORTED:
            return resource.text(name)  # it stands for what it refers to itself
        if existing is None:
            raise AbsentError(address)
        value = existing.attributes.get(name)
        if match["index"] is not None:
            rows = value if isinstance(value, list) else []
            number = int(match["index"])
            value = rows[number].get(match["field"]) if number < len(rows) else None
        elif value is None:
            value = resource.maybe(name) if resource else ""
            value = value or (existing.id if name in OWN_IDS else None)
        if value is None:
            raise UnknownArgumentError(argument)
        return str(value)

    def _read(self, types: Mapping[str, Any], prefix: str) -> Iterator[PlannedResource]:
        for kind, named in sorted(types.items()):
            for name, arguments in sorted(named.items()):
                yield PlannedResource(f"{prefix}{kind}.{name}", kind, arguments, self)
