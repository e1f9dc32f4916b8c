"""What a public class of constructs_lib takes stands in its docstring, one line for each, with its default.

The form: a line ``name: meaning, unit.``, or ``first, second: …`` for several; a parameter that may be left
out has ``Default: …`` in its lines. A method's parameters are at least named in its docstring.
"""

import dataclasses
import importlib
import inspect
import pkgutil
import re
from collections.abc import Callable, Iterator

import constructs_lib

import pytest

MODULES = [
    importlib.import_module(f"constructs_lib.{each.name}")
    for each in pkgutil.iter_modules(constructs_lib.__path__)
    if not each.ispkg
]
PLACED = {"self", "scope", "id"}  # what every construct takes, and cdktf explains


def classes() -> Iterator[type]:
    for module in MODULES:
        for name, value in vars(module).items():
            public = inspect.isclass(value) and not name.startswith("_") and not is_protocol(value)
            if public and value.__module__ == module.__name__:
                yield value


def is_protocol(value: type) -> bool:
    return bool(getattr(value, "_is_protocol", False))


def lines_of(parameter: str, doc: str) -> str | None:
    """The line that names a parameter, with those that are indented below it."""
    found = re.search(rf"^(?:\w+, )*{parameter}(?:, \w+)*: .*(?:\n +.*)*", doc, re.MULTILINE)
    return found[0] if found else None


def missing(made: type) -> Iterator[str]:
    """What a reader of a class's docstring does not learn."""
    doc = inspect.getdoc(made) or ""
    if "__init__" in vars(made) and not dataclasses.is_dataclass(made):
        for name, parameter in inspect.signature(vars(made)["__init__"]).parameters.items():
            lines = "" if name in PLACED else lines_of(name, doc)
            if lines is None:
                yield f"{made.__name__}: {name} is not explained"
            elif lines and parameter.default is not inspect.Parameter.empty and "Default: " not in lines:
                yield f"{made.__name__}: the default of {name} is not said"
    for name, method in vars(made).items():
        if not name.startswith("_") and inspect.isfunction(method):
            yield from _unnamed(made, method, f"{doc}\n{inspect.getdoc(method) or ''}")


def _unnamed(made: type, method: Callable[..., object], doc: str) -> Iterator[str]:
    for name in inspect.signature(method).parameters:
        if name != "self" and not name.startswith("_") and not re.search(rf"\b{name}\b", doc):
            yield f"{made.__name__}.{method.__name__}: {name} is not named"


@pytest.mark.parametrize("made", list(classes()), ids=lambda made: made.__name__)
def test_every_parameter_is_explained_with_its_default(made: type) -> None:
    assert list(missing(made)) == []


class Undocumented:
    """Takes things.

    size: in bytes.
    """

    def __init__(self, scope: object, id: str, *, size: int = 1, colour: str) -> None: ...

    def paint(self, brush: str) -> None:
        """Paint it."""


def test_what_is_missing_is_found() -> None:
    assert list(missing(Undocumented)) == [
        "Undocumented: the default of size is not said",
        "Undocumented: colour is not explained",
        "Undocumented.paint: brush is not named",
    ]
