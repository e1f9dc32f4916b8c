"""Predicts what Node returns for a read of a resource's attribute; pipelined.py then need not wait for it.

The first read of a text attribute returns a token named after the object's number and the attribute
(attribute_names.js). All properties of resources and data sources in the bindings that return ``str`` are
such attributes, and their names follow one rule, except some with digits.
"""

import re
from collections.abc import Callable
from functools import cache
from typing import Any

from jsii import _reference_map
from jsii._kernel.types import GetRequest


class FirstReads:
    """Predicts the value of the first read of each attribute of each object."""

    def __init__(self, package: str) -> None:
        """package: the Python package of the bindings."""
        self._package = f"{package}."
        self._read: set[tuple[str, str]] = set()

    def value(self, request: GetRequest, new: Callable[[str], object]) -> object:
        """What Node will return; None if that cannot be predicted. Every read must be passed to it.

        new: returns the name of the next object of a type.
        """
        read = (request.objref.ref, request.property)
        if read in self._read:
            return None
        self._read.add(read)
        if request.property == "node":
            return new("constructs.Node")
        kind, _, number = request.objref.ref.rpartition("@")
        attribute = _attribute(self._package, kind, request.property)
        return attribute and f"${{TfToken[{number}.{attribute}]}}"


@cache
def _attribute(package: str, kind: str, property: str) -> str | None:
    """Terraform's name of a text attribute; None for other properties.

    kind: jsii's name of the type, such as ``@cdktf/provider-aws.vpc.Vpc``.
    property: jsii's name, such as ``ownerId``.
    """
    klass = getattr(_reference_map, "_types", {}).get(kind)
    if not (klass and klass.__module__.startswith(package) and "TF_RESOURCE_TYPE" in vars(klass)):
        return None
    attribute = re.sub("[A-Z]", lambda letter: f"_{letter.group().lower()}", property)
    if any(character.isdigit() for character in attribute):
        return None
    return attribute if _returns_text(vars(klass).get(attribute)) else None


def _returns_text(member: Any) -> bool:  # noqa: ANN401 - a member of a class
    """Whether a member of a class is a property of type ``str``."""
    reads = member.fget if isinstance(member, property) else None
    return reads is not None and reads.__annotations__.get("return") in (str, "builtins.str")
