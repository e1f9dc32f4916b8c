"""Reads a stack's cdk.tf.json: which construct each resource came from, and what was written for it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from plan_review import json_input
from plan_review.json_input import InvalidInput, Json

STACK_FILE = "cdk.tf.json"


@dataclass(frozen=True)
class CdktfStack:
    """The blocks of a stack by their addresses, without index; they may hold secrets, as a plan may."""

    blocks: Mapping[str, dict[str, Json]] = field(default_factory=dict, repr=False)

    def construct(self, address: str, mode: str, kind: str, name: str) -> str:
        """The construct of a resource, or of the module call it is in; empty if the stack has none."""
        if address.startswith("module."):
            call = address.split(".", 2)[1].split("[", 1)[0]
            return _path(self.blocks.get(f"module.{call}"))
        return _path(self.block(address, mode, kind, name))

    def block(self, address: str, mode: str, kind: str, name: str) -> dict[str, Json]:
        """What is written for a resource; nothing for one that a module makes."""
        if address.startswith("module."):
            return {}
        return self.blocks.get(f"data.{kind}.{name}" if mode == "data" else f"{kind}.{name}", {})


NONE = CdktfStack()


def parse(cdk_tf_json: str, *, name: str = STACK_FILE) -> CdktfStack:
    """The stack in a text; name: what errors call it."""
    with json_input.explained(name, then="synthesise again, or leave out --synthesised"):
        stack = json_input.parse(cdk_tf_json)
        if not isinstance(stack, dict):
            raise InvalidInput("it holds no JSON object")
        return CdktfStack({address: block for address, block in _blocks(stack) if isinstance(block, dict)})


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
