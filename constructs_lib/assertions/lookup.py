"""Finds resources and data sources in a synthesised stack; if it finds none, the error lists what exists."""

import json
import re
from collections.abc import Mapping
from difflib import get_close_matches
from importlib import import_module
from pkgutil import iter_modules
from typing import Any, TypeAlias

from cdktf import TerraformDataSource, TerraformResource

Attributes = dict[str, Any]  # Terraform JSON, which has no narrower type
Synthesised: TypeAlias = str | Mapping[str, Any]
Resource: TypeAlias = type[TerraformResource] | str
DataSource: TypeAlias = type[TerraformDataSource] | str
Kind: TypeAlias = Resource | DataSource

PACKAGE = "cdktf_cdktf_provider_aws"


def resources(synthesised: Synthesised, kind: Resource) -> dict[str, Attributes]:
    """Return the attributes of every resource of a kind by Terraform's name; empty if there is none."""
    return of_kind(synthesised, "resource", kind)


def data_sources(synthesised: Synthesised, kind: DataSource) -> dict[str, Attributes]:
    """Return the attributes of every data source of a kind by Terraform's name; empty if there is none."""
    return of_kind(synthesised, "data", kind)


def resource(synthesised: Synthesised, kind: Resource, id: str | None = None) -> Attributes:
    """Return the attributes of the only resource of a kind; an id selects one of several.

    id: the construct's path in the stack, or the end of it: ``exports/policy``, or just ``policy``.
        Default: none.

    Raises AssertionError unless exactly one resource matches.
    """
    return _the_one(synthesised, "resource", kind, id)


def data_source(synthesised: Synthesised, kind: DataSource, id: str | None = None) -> Attributes:
    """Return the attributes of the only data source of a kind; see ``resource`` for ``id`` and errors."""
    return _the_one(synthesised, "data", kind, id)


def of_kind(synthesised: Synthesised, block: str, kind: Kind) -> dict[str, Attributes]:
    """Return everything of a kind in a block, ``resource`` or ``data``, by Terraform's name."""
    found: dict[str, Attributes] = everything(synthesised, block).get(terraform_type(block, kind), {})
    return found


def everything(synthesised: Synthesised, block: str) -> Mapping[str, dict[str, Attributes]]:
    """Return the content of a block, ``resource`` or ``data``, by Terraform type."""
    stack = json.loads(synthesised) if isinstance(synthesised, str) else synthesised
    found: Mapping[str, dict[str, Attributes]] = stack.get(block, {})
    return found


def types_in(synthesised: Synthesised, block: str) -> str:
    """Return the Terraform types in a block, separated by commas, for messages."""
    return ", ".join(sorted(everything(synthesised, block))) or (
        "no resources" if block == "resource" else "no data sources"
    )


def terraform_type(block: str, kind: Kind) -> str:
    """Return Terraform's name for a kind.

    Raises AssertionError for a name that the bindings do not have: a test that asserts absence would pass
    with a misspelt name.
    """
    if not isinstance(kind, str):
        return str(kind.TF_RESOURCE_TYPE)  # type: ignore[union-attr]  # each class of the bindings has it
    bindings = {module.name for module in iter_modules(import_module(PACKAGE).__path__)}
    if _module(block, kind) not in bindings:
        near = get_close_matches(_module(block, kind), bindings, n=1)
        nearest = f"; the nearest is aws_{near[0].removeprefix('data_aws_')}" if near else ""
        raise AssertionError(f"the bindings have no {block} {kind}{nearest}")
    return kind


def known_attributes(block: str, kind: Kind) -> set[str]:
    """Return every attribute name at any depth of a kind: all names in the classes of its module."""
    module = f"{PACKAGE}.{_module(block, kind)}" if isinstance(kind, str) else kind.__module__
    classes = [value for value in vars(import_module(module)).values() if isinstance(value, type)]
    return {name for klass in classes for name in dir(klass)}


def _the_one(synthesised: Synthesised, block: str, kind: Kind, id: str | None) -> Attributes:
    __tracebackhide__ = True
    of_this_kind = of_kind(synthesised, block, kind)
    found = {name: attributes for name, attributes in of_this_kind.items() if id is None or _is(name, id)}
    if len(found) == 1:
        return next(iter(found.values()))
    wanted = f"{terraform_type(block, kind)} {id or ''}".strip()
    there = ", ".join(sorted(found or of_this_kind)) or types_in(synthesised, block)
    raise AssertionError(f"expected one {wanted}, found {len(found)}; the stack has {there}")


def _is(name: str, id: str) -> bool:
    """Whether Terraform's name, ``exports_policy_ECD3155E``, is of a construct whose path ends in ``id``."""
    path = re.sub(r"_[0-9A-F]{8}$", "", name)
    return name == id or f"_{path}".endswith(f"_{id.replace('/', '_')}")


def _module(block: str, kind: str) -> str:
    return f"data_{kind}" if block == "data" else kind.removeprefix("aws_")
