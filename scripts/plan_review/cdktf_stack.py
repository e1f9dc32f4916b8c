"""Reads a stack's cdk.tf.json: each resource's construct and its configuration."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from plan_review import json_input
from plan_review.json_input import InvalidInput, Json

STACK_FILE = "cdk.tf.json"


@dataclass(frozen=True)
class CdktfStack:
    """The blocks of a stack by their addresses without index; like a plan, they may contain secrets."""

    blocks: Mapping[str, dict[str, Json]] = field(default_factory=dict, repr=False)

    def construct(self, address: str, mode: str, kind: str, name: str) -> str:
        """The construct of a resource, or of the module call that contains it; "" if there is none."""
        if address.startswith("module."):
            call = address.split(".", 2)[1].split("[", 1)[0]
            return _path(self.blocks.get(f"module.{call}"))
        return _path(self.block(address, mode, kind, name))

    def block(self, address: str, mode: str, kind: str, name: str) -> dict[str, Json]:
        """The configuration of a resource; empty for one inside a module."""
        if address.startswith("module."):
            return {}
        return self.blocks.get(f"data.{kind}.{name}" if mode == "data" else f"{kind}.{name}", {})


NONE = CdktfStack()


def parse(cdk_tf_json: str, *, name: str = STACK_FILE) -> CdktfStack:
    """Reads a stack. name: of the file, for error messages. Raises ExplainedError."""
    with json_input.explained(name, then="synthesise again, or omit --synthesised"):
        stack = json_input.parse(cdk_tf_json)
        if not isinstance(stack, dict):
            raise InvalidInput("it does not contain a JSON object")
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
    """The path of a block's construct, which cdktf writes to "//".metadata.path."""
    for key in ("//", "metadata", "path"):
        block = block.get(key) if isinstance(block, dict) else None
    return block if isinstance(block, str) else ""
