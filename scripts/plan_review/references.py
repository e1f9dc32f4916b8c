"""Finds in a plan's configuration which resource refers to which other, also through modules."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from plan_review.json_input import InvalidInput, Json, get, objects

DEEPEST = 50  # modules within modules
NOT_RESOURCES = frozenset({"each", "count", "self", "path", "terraform", "local", "var", "module"})
INDEX = re.compile(r'\[(?:"(?:[^"\\]|\\.)*"|[^\]"]*)\]')


@dataclass
class _Module:
    """A module of the configuration, its caller, and the expressions of its inputs.

    known: the resolved references; one that is still being resolved, in a cycle, has no resources.
    """

    prefix: str
    block: dict[str, Json]
    where: str
    caller: "_Module | None" = None
    inputs: Json = None
    called: "dict[str, _Module]" = field(default_factory=dict)
    known: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def resources(self, reference: str) -> tuple[str, ...]:
        """The resources that a reference resolves to, through outputs and inputs of modules."""
        if reference not in self.known:
            self.known[reference] = ()
            self.known[reference] = tuple(dict.fromkeys(self._followed(reference)))
        return self.known[reference]

    def _followed(self, reference: str) -> Iterator[str]:
        first, _, rest = reference.partition(".")
        name, _, attribute = rest.partition(".")
        if first == "var" and self.caller and isinstance(self.inputs, dict):
            for mentioned in _mentioned(self.inputs.get(name)):
                yield from self.caller.resources(mentioned)
        elif first == "module" and (module := self.called.get(name)):
            outputs = get(module.block, "outputs", dict, module.where)
            wanted = attribute.partition(".")[0]
            for mentioned in _mentioned(outputs.get(wanted) if wanted else list(outputs.values())):
                yield from module.resources(mentioned)
        elif address := _address(reference):
            yield self.prefix + address


def references(configuration: dict[str, Json]) -> tuple[tuple[str, str], ...]:
    """Pairs of addresses without index: the first resource's configuration refers to the second."""
    return tuple(dict.fromkeys(_of_module(_root(configuration))))


def bare(address: str) -> str:
    """An address without the keys of count and for_each, as in the configuration."""
    return INDEX.sub("", address) if "[" in address else address


@dataclass(frozen=True)
class TerraformVariable:
    """A variable's value. sensitive: whether it is declared so."""

    value: Json
    sensitive: bool


@dataclass(frozen=True)
class ConfiguredResource:
    """A resource or data source of the configuration. address: with its module, without index."""

    address: str
    mode: str
    type: str
    block: dict[str, Json]
    module: _Module
    where: str

    @property
    def expressions(self) -> dict[str, Json]:
        """The attributes that it sets."""
        return get(self.block, "expressions", dict, self.where)

    @cached_property
    def paths(self) -> frozenset[str]:
        """The paths of everything that it sets, such as ``vpc_config.subnet_ids``; nested blocks too."""
        return frozenset(_paths(self.expressions, ""))

    def provisioners(self) -> Iterator[tuple[str, dict[str, Json]]]:
        """Its provisioners, each with its location."""
        where = f"{self.where}.provisioners"
        return objects(get(self.block, "provisioners", list, self.where), where)

    def variable(self, name: str, plan: dict[str, Json]) -> TerraformVariable | None:
        """The value of a variable of its module, if calls of modules pass constants or variables on."""
        return _variable(self.module, name, plan)


def resources(configuration: dict[str, Json]) -> Iterator[ConfiguredResource]:
    """Every resource and data source of a configuration, in its modules too."""
    pending = [_root(configuration)]
    while pending:
        module = pending.pop()
        pending.extend(module.called.values())
        for where, block in _resources(module):
            address, mode = get(block, "address", str, where), get(block, "mode", str, where) or "managed"
            kind = get(block, "type", str, where)
            yield ConfiguredResource(module.prefix + address, mode, kind, block, module, where)


def _paths(expressions: Json, prefix: str) -> Iterator[str]:
    if isinstance(expressions, list):
        for expression in expressions:
            yield from _paths(expression, prefix)
    elif isinstance(expressions, dict) and not {"constant_value", "references"} & expressions.keys():
        for name, expression in expressions.items():
            yield f"{prefix}{name}"
            yield from _paths(expression, f"{prefix}{name}.")


def _variable(module: _Module, name: str, plan: dict[str, Json]) -> TerraformVariable | None:
    declared = get(get(module.block, "variables", dict, module.where), name, dict, module.where)
    sensitive = declared.get("sensitive") is True
    if module.caller is None:
        given = get(plan, "variables", dict, "").get(name)
        return (
            TerraformVariable(given["value"], sensitive)
            if isinstance(given, dict) and "value" in given
            else None
        )
    passed = module.inputs.get(name) if isinstance(module.inputs, dict) else None
    if not isinstance(passed, dict):
        return None
    if "constant_value" in passed:
        return TerraformVariable(passed["constant_value"], sensitive)
    mentioned = [reference for reference in _mentioned(passed) if reference.startswith("var.")]
    found = _variable(module.caller, mentioned[0].split(".")[1], plan) if len(mentioned) == 1 else None
    return TerraformVariable(found.value, sensitive or found.sensitive) if found else None


def _root(configuration: dict[str, Json]) -> _Module:
    root = _Module("", get(configuration, "root_module", dict, "configuration"), "configuration.root_module")
    _find_modules(root, 0)
    return root


def _find_modules(module: _Module, depth: int) -> None:
    """Records the modules that a module calls, recursively."""
    if depth > DEEPEST:
        raise InvalidInput(f"it nests modules more than {DEEPEST} levels deep")
    where = f"{module.where}.module_calls"
    for name, call in get(module.block, "module_calls", dict, module.where).items():
        if isinstance(call, dict):
            block, prefix = get(call, "module", dict, where), f"{module.prefix}module.{name}."
            called = _Module(prefix, block, f"{where}.module", module, call.get("expressions"))
            module.called[name] = called
            _find_modules(called, depth + 1)


def _of_module(module: _Module) -> Iterator[tuple[str, str]]:
    for where, resource in _resources(module):
        address = module.prefix + get(resource, "address", str, where)
        said: list[Json] = [
            resource.get(key) for key in ("expressions", "count_expression", "for_each_expression")
        ]
        said.append({"references": resource.get("depends_on")})
        for reference in _mentioned(said):
            yield from ((address, other) for other in module.resources(reference) if other != address)
    for called in module.called.values():
        yield from _of_module(called)


def _resources(module: _Module) -> Iterator[tuple[str, dict[str, Json]]]:
    yield from objects(get(module.block, "resources", list, module.where), f"{module.where}.resources")


def _mentioned(expression: Json) -> Iterator[str]:
    """Every reference in an expression, also in nested blocks."""
    if isinstance(expression, list):
        for element in expression:
            yield from _mentioned(element)
    elif isinstance(expression, dict):
        for key, value in expression.items():
            if key == "references" and isinstance(value, list):
                yield from _most_exact(
                    [INDEX.sub("", reference) for reference in value if isinstance(reference, str)]
                )
            elif key != "constant_value":
                yield from _mentioned(value)


def _most_exact(listed: list[str]) -> Iterator[str]:
    """Terraform lists a.b.c and then a.b too: only the first was written."""
    before = ""
    for reference in listed:
        if not before.startswith(f"{reference}.") and reference != before:
            yield reference
            before = reference


def _address(reference: str) -> str:
    """The resource in a reference to it or to one of its attributes; "" if it refers to none."""
    parts = reference.split(".")
    if parts[0] == "data":
        return ".".join(parts[:3]) if len(parts) > 2 else ""
    return ".".join(parts[:2]) if len(parts) > 1 and parts[0] not in NOT_RESOURCES else ""
