"""Imports modules that an older jsii generated without evaluating their thousands of annotations.

cdktf, its bindings and cdktn were generated before jsii postponed annotations. Importing one of their
modules builds the types of all arguments of all its functions, twice, and looks up typeguard's version;
each call evaluates its types again. Here the types are built at a function's first call, and cached.
``check_type`` of jsii 1.142 checks each value whose Python type does not show that it is valid, so the same
values are rejected with the same messages. The compiled code is stored beside Python's own.
"""

import __future__

import importlib
import importlib.util
import re
import sys
from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from functools import cache
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from pathlib import Path
from typing import Any, Union

VERSION = 2
"""Increase it when these rules change: code that other rules compiled is then compiled again."""

# A module's own type check, which looks up the version of typeguard.
OWN_CHECK = re.compile(
    r"^import typeguard\nfrom importlib\.metadata .*?^def check_type\(.*?(?=^\S)", re.DOTALL | re.MULTILINE
)
SHARED_CHECK = (
    "from jsii._type_checking import check_type\n"
    "from constructs_lib.engine.postponed import types_of as _types_of\n"
)
# The stub of each function: it does nothing, and has the annotations for the check.
STUB = re.compile(
    r'^def (_typecheckingstub__\w+)\(\n(.*?)^\) -> None:\n    """Type checking stubs"""\n    pass\n',
    re.DOTALL | re.MULTILINE,
)
STUBS_ARGUMENT = re.compile(r"^    \*?(\w+): (.*?)(?: = None)?,\n", re.MULTILINE)
STUBS_HINTS = re.compile(r"\btyping\.get_type_hints\((_typecheckingstub__\w+)\)")


def postpone_annotations(packages: Collection[str]) -> None:
    """Import these packages' modules in this way, if the installed jsii can check their types."""
    if importlib.util.find_spec("jsii._type_checking"):
        checking = importlib.import_module("jsii._type_checking")
        checking.check_type = _looking_first(checking.check_type)  # type: ignore[attr-defined]
        sys.meta_path.insert(0, _PostponedFinder(packages))


def postponed(source: str) -> str:
    """The module's source with types that are built at the first call; unchanged for other modules."""
    text, checks = OWN_CHECK.subn(_shared_check, source, count=1)
    text, stubs = STUB.subn(_built_when_called, text)
    return (
        STUBS_HINTS.sub(r"_types_of(\1)", text)
        if checks and stubs == source.count("\ndef _typecheckingstub__")
        else source
    )


# Line numbers must not change: tracebacks show the lines of the file.
def _shared_check(own: re.Match[str]) -> str:
    return SHARED_CHECK + "\n" * (own.group().count("\n") - SHARED_CHECK.count("\n"))


def _built_when_called(stub: re.Match[str]) -> str:
    name, arguments = stub.groups()
    types = STUBS_ARGUMENT.sub(r"        \1=\2,\n", arguments.replace("    *,\n", "\n"))
    return f"def {name}():\n    return dict(\n{types}    )\n\n"


@cache
def types_of(stub: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """The types of a function's arguments."""
    return stub()


def _looking_first(check: Callable[..., object]) -> Callable[..., object]:
    """The check by jsii of an argument's type, used only if a quick check does not accept the value."""

    def check_type(argname: str, value: object, expected_type: object) -> None:
        if not _is_surely(value, expected_type):
            check(argname, value, expected_type)

    return check_type


def _is_surely(value: Any, expected: Any) -> bool:  # noqa: ANN401 - as above
    """Whether a quick check shows that a value has a type; typeguard is slower, also to import."""
    if expected is Any:
        return True
    if isinstance(expected, type):
        if getattr(expected, "_is_protocol", False):
            return expected in _interfaces(value.__class__)
        return isinstance(value, expected)
    origin = getattr(expected, "__origin__", None)
    arguments: Sequence[Any] = getattr(expected, "__args__", ())
    if origin is Union:
        return any(_is_surely(value, argument) for argument in arguments)
    if origin in (list, Sequence) and type(value) is list:
        parts = ((element, arguments[0]) for element in value)
    elif origin in (dict, Mapping) and type(value) is dict:
        parts = (part for pair in value.items() for part in zip(pair, arguments, strict=True))
    else:
        return False
    return all(_is_surely(part, argument) for part, argument in parts)


@cache
def _interfaces(kind: Hashable) -> set[object]:
    """The interfaces that a jsii class implements, and those that they extend."""
    own = (
        interface
        for base in getattr(kind, "__mro__", ())
        for interface in vars(base).get("__jsii_ifaces__", ())
    )
    return {extended for interface in own for extended in interface.__mro__}


class _PostponedFinder(MetaPathFinder):
    def __init__(self, packages: Collection[str]) -> None:
        self._packages = packages

    def find_spec(self, name: str, path: Sequence[str] | None, *_: object) -> ModuleSpec | None:
        """Part of the protocol of Python's import finders."""
        if name.partition(".")[0] not in self._packages:
            return None
        spec = PathFinder.find_spec(name, path)
        if spec and type(spec.loader) is SourceFileLoader and _worth_it(spec):
            spec.loader = _PostponedLoader(spec.loader.name, spec.loader.path)
        return spec


class _PostponedLoader(SourceFileLoader):
    def source_to_code(self, data: Any, path: Any, **optimized: Any) -> Any:  # type: ignore[override]  # noqa: ANN401
        """Compile the source as if it began with ``from __future__ import annotations``."""
        source = importlib.util.decode_source(data)
        if (text := postponed(source)) == source:
            return super().source_to_code(data, path, **optimized)
        return compile(text, path, "exec", __future__.annotations.compiler_flag, dont_inherit=True)

    def get_data(self, path: str) -> bytes:
        """Read a file; compiled code is read from its own location."""
        return super().get_data(_kept(path))

    def set_data(self, path: str, data: Any, **mode: Any) -> None:  # noqa: ANN401 - Python's
        """Write compiled code to its own location."""
        super().set_data(_kept(path), data, **mode)


def _worth_it(spec: ModuleSpec) -> bool:
    """Whether the result is or can be stored: compiling each time takes longer than building the types."""
    return not sys.dont_write_bytecode or (spec.cached is not None and Path(_kept(spec.cached)).is_file())


def _kept(path: str) -> str:
    stem, _, suffix = path.rpartition(".")
    return f"{stem}.postponed-{VERSION}.pyc" if suffix == "pyc" else path
