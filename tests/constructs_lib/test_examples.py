"""Runs the example in every construct's docstring: a construct is usable by itself, and shown so.

The convention: a public class of constructs_lib that is a Construct ends its docstring with an example
in ``>>>`` lines. It may use ``stack`` (of an account and a region, with an AWS provider), every name of the
construct's own module, and every public construct and value of constructs_lib. It imports only
what is not from there. What it builds is synthesised afterwards with all validations, and must
hold a resource at least.

    >>> bucket = Bucket(stack, "exports", name="my-app-exports", expiries=[Expiry("daily/", 90)])
"""

import doctest
import importlib
import inspect
import json
import pkgutil
from types import ModuleType

import constructs_lib
from constructs_lib.testing import Testing, TestingStack

import cdktf
import pytest
from cdktf_cdktf_provider_aws.provider import AwsProvider
from constructs import Construct

MODULES = {
    each.name: importlib.import_module(f"constructs_lib.{each.name}")
    for each in pkgutil.iter_modules(constructs_lib.__path__)
}


def public(module: ModuleType) -> dict[str, object]:
    """What a module itself defines and shows."""
    return {
        name: value
        for name, value in vars(module).items()
        if not name.startswith("_") and getattr(value, "__module__", None) == module.__name__
    }


EVERYTHING = {name: value for module in MODULES.values() for name, value in public(module).items()}
CONSTRUCTS = {
    name: value
    for name, value in EVERYTHING.items()
    if inspect.isclass(value)
    and issubclass(value, Construct)
    and not issubclass(value, cdktf.TerraformStack)  # the example of a stack is main.py
}


@pytest.fixture
def stack() -> TestingStack:
    stack = TestingStack(account="123456789012", region="eu-central-1")
    AwsProvider(stack, "aws", region="eu-central-1")
    return stack


@pytest.mark.parametrize("construct", CONSTRUCTS.values(), ids=CONSTRUCTS.keys())
def test_the_example_in_the_docstring_synthesises(
    construct: type[Construct], stack: cdktf.TerraformStack
) -> None:
    own = vars(inspect.getmodule(construct))
    names = EVERYTHING | {name: own[name] for name in own if not name.startswith("__")} | {"stack": stack}
    example = doctest.DocTestParser().get_doctest(
        inspect.getdoc(construct) or "", names, construct.__name__, inspect.getsourcefile(construct), None
    )
    assert example.examples, f"{construct.__name__} shows no example in its docstring"

    complaints: list[str] = []
    result = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(example, out=complaints.append)

    assert result.failed == 0, "".join(complaints)
    made = json.loads(Testing.synth(stack, run_validations=True))
    assert made.get("resource") or made.get("data")


def test_there_are_constructs_to_show() -> None:
    assert {"Bucket", "Key", "Role"} <= CONSTRUCTS.keys()
