"""Follows in a plan's configuration which resource names which other, through modules too."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from slipway.review.document import Json, Problem, get, objects

DEEPEST = 50  # modules within modules
NOT_RESOURCES = frozenset({"each", "count", "self", "path", "terraform", "local", "var", "module"})


@dataclass
class _Module:
    """One module of the configuration; where it is called, its inputs are the caller's expressions.

    seen: what is being followed just now, so that nothing is followed in a circle.
    """

    prefix: str
    block: dict[str, Json]
    where: str
    caller: "_Module | None" = None
    inputs: Json = None
    seen: set[str] = field(default_factory=set)

    @property
    def calls(self) -> dict[str, Json]:
        """The modules that it calls, by name."""
        return get(self.block, "module_calls", dict, self.where)

    def called(self, name: str) -> "_Module | None":
        """One of those modules."""
        call = self.calls.get(name)
        if not isinstance(call, dict):
            return None
        where = f"{self.where}.module_calls"
        block = get(call, "module", dict, where)
        return _Module(
            f"{self.prefix}module.{name}.", block, f"{where}.module", self, call.get("expressions")
        )

    def resources(self, reference: str) -> Iterator[str]:
        """The resources that a reference is to in the end, through outputs and inputs of modules."""
        if reference in self.seen:
            return
        self.seen.add(reference)
        yield from self._followed(reference)
        self.seen.discard(reference)

    def _followed(self, reference: str) -> Iterator[str]:
        first, _, rest = reference.partition(".")
        if first == "var" and self.caller and isinstance(self.inputs, dict):
            for each in _mentioned(self.inputs.get(_plain(rest.partition(".")[0]))):
                yield from self.caller.resources(each)
        elif first == "module":
            name, _, output = rest.partition(".")
            if module := self.called(_plain(name)):
                outputs = get(module.block, "outputs", dict, module.where)
                for each in _mentioned(outputs.get(_plain(output.partition(".")[0]))):
                    yield from module.resources(each)
        elif address := _address(reference):
            yield self.prefix + address


def references(configuration: dict[str, Json]) -> tuple[tuple[str, str], ...]:
    """Pairs of addresses without index: the first resource's configuration names the second."""
    root = _Module("", get(configuration, "root_module", dict, "configuration"), "configuration.root_module")
    return tuple(dict.fromkeys(_of_module(root, 0)))


def _of_module(module: _Module, depth: int) -> Iterator[tuple[str, str]]:
    if depth > DEEPEST:
        raise Problem(f"its modules are nested more than {DEEPEST} levels deep")
    resources = get(module.block, "resources", list, module.where)
    for where, resource in objects(resources, f"{module.where}.resources"):
        address = module.prefix + get(resource, "address", str, where)
        depends_on = [each for each in get(resource, "depends_on", list, where) if isinstance(each, str)]
        for reference in (*_mentioned(resource.get("expressions")), *depends_on):
            yield from ((address, other) for other in module.resources(reference) if other != address)
    for name in module.calls:
        if called := module.called(name):
            yield from _of_module(called, depth + 1)


def _mentioned(expression: Json) -> Iterator[str]:
    """Every reference in an expression, in blocks within it too."""
    if isinstance(expression, list):
        for each in expression:
            yield from _mentioned(each)
    elif isinstance(expression, dict):
        for key, value in expression.items():
            if key == "references" and isinstance(value, list):
                yield from (each for each in value if isinstance(each, str))
            elif key != "constant_value":
                yield from _mentioned(value)


def _address(reference: str) -> str:
    """The resource in a reference to it or to one of its attributes; empty if it is to none."""
    parts = [_plain(part) for part in reference.split(".")[:3]]
    if parts[0] == "data":
        return ".".join(parts) if len(parts) == 3 else ""
    return ".".join(parts[:2]) if len(parts) > 1 and parts[0] not in NOT_RESOURCES else ""


def _plain(part: str) -> str:
    """A part of an address without its index."""
    return part.split("[", 1)[0]
