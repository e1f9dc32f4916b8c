"""Reads from a stack's cdk.tf.json which construct each resource came from."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from slipway.review import document
from slipway.review.document import Json, Problem
from slipway.review.plan import Constructs

NONE: Constructs = MappingProxyType({})


def constructs(cdk_tf_json: str, *, name: str = "cdk.tf.json") -> Constructs:
    """The path of the construct for each resource's address, without index; name: what errors call it."""
    with document.explained(name, then="synthesise again, or leave out --synthesised"):
        stack = document.parse(cdk_tf_json)
        if not isinstance(stack, dict):
            raise Problem("it holds no JSON object")
        return {address: path for address, block in _blocks(stack) if (path := _path(block))}


def of(address: str, mode: str, kind: str, name: str, known: Constructs) -> str:
    """The construct of a resource, or of the module call it is in; empty if there is none in the stack."""
    if address.startswith("module."):
        call = address.split(".", 2)[1].split("[", 1)[0]
        return known.get(f"module.{call}", "")
    return known.get(f"data.{kind}.{name}" if mode == "data" else f"{kind}.{name}", "")


def _blocks(stack: Mapping[str, Json]) -> Iterator[tuple[str, Json]]:
    """Each resource, data source and module call with its address."""
    for section, prefix in (("resource", ""), ("data", "data.")):
        for kind, named in _items(stack.get(section)):
            yield from ((f"{prefix}{kind}.{name}", block) for name, block in _items(named))
    yield from ((f"module.{name}", block) for name, block in _items(stack.get("module")))


def _items(value: Json) -> Iterator[tuple[str, Json]]:
    if isinstance(value, dict):
        yield from value.items()


def _path(block: Json) -> str:
    """What cdktf notes of a block, at "//".metadata.path."""
    for key in ("//", "metadata", "path"):
        block = block.get(key) if isinstance(block, dict) else None
    return block if isinstance(block, str) else ""
