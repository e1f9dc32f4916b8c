"""Tests of constructs: synthesise a piece, look into what comes out, assert on it.

    def test_a_bucket_keeps_versions_and_refuses_plain_http():
        synthesised = Testing.synth_scope(lambda stack: Bucket(stack, "b", name="exports"))

        assert resource(synthesised, S3Bucket)["bucket"] == "exports"
        assert_has_resource_with_properties(
            synthesised, S3BucketVersioningA, {"versioning_configuration": {"status": "Enabled"}}
        )
        assert statement(resource(synthesised, S3BucketPolicy), "DenyPlainHttp")["Effect"] == "Deny"

``synthesised`` is the JSON text of a stack, or that text parsed. A kind is a class of the bindings
(``S3Bucket``) or Terraform's word for it (``"aws_s3_bucket"``). Every function that finds nothing, or
more than it was asked for, raises an AssertionError that says what there is. How expected properties
are matched stands in ``assertions/matching.py``: a misspelt key fails, and ``None`` means absent.

cdktf's own matchers pass whatever is said about a property whose expected value is ``None``, and its
``Testing.synth_scope`` cannot be called from Python (hashicorp/terraform-cdk#2326, #2871).
"""

from collections.abc import Callable, Mapping

from constructs_lib.assertions.lookup import (
    DataSource,
    Kind,
    Resource,
    Synthesised,
    data_source,
    data_sources,
    known_attributes,
    of_kind,
    resource,
    resources,
    types_in,
)
from constructs_lib.assertions.matching import differences
from constructs_lib.assertions.statements import statement, statements
from constructs_lib.place import Place

import cdktf
from cdktf import TerraformStack

__all__ = [
    "Testing",
    "TestingStack",
    "assert_has_data_source_with_properties",
    "assert_has_no_resource",
    "assert_has_resource_with_properties",
    "assert_properties",
    "data_source",
    "data_sources",
    "resource",
    "resources",
    "statement",
    "statements",
]


class TestingStack(TerraformStack):
    """A stack with an account and a region, and nothing else: no provider, no backend.

    account: 12 digits. Default: 123456789012.
    region: such as ``eu-central-1``, which is the default. Default: eu-central-1.
    """

    __test__ = False  # pytest takes it for a test by its name

    def __init__(self, *, account: str, region: str) -> None:
        super().__init__(cdktf.Testing.app(), "stack")
        self.place = Place(account, region)


class Testing:
    """The part of cdktf's ``Testing`` that Python cannot have from there."""

    __test__ = False  # pytest takes it for a test by its name

    @staticmethod
    def synth_scope(
        fn: Callable[["TestingStack"], object],
        *,
        account: str = "123456789012",
        region: str = "eu-central-1",
        run_validations: bool = False,
    ) -> str:
        """The JSON of a stack of which only what the function puts into it is known.

        account, region: what constructs are told that ask their stack. Default: 123456789012, eu-central-1.
        run_validations: also run the checks of every construct in it, which want a provider too;
            Default: no.
        """
        stack = TestingStack(account=account, region=region)
        fn(stack)
        return Testing.synth(stack, run_validations=run_validations)

    @staticmethod
    def synth(stack: TerraformStack, *, run_validations: bool = False) -> str:
        """The JSON of a ``stack``; ``run_validations`` as in ``synth_scope``."""
        return cdktf.Testing.synth(stack, run_validations)


def assert_has_resource_with_properties(
    synthesised: Synthesised, kind: Resource, properties: Mapping[str, object]
) -> None:
    """One resource of the kind at least has the properties."""
    __tracebackhide__ = True
    _assert_one_has(synthesised, "resource", kind, properties)


def assert_has_data_source_with_properties(
    synthesised: Synthesised, kind: DataSource, properties: Mapping[str, object]
) -> None:
    """One data source of the kind at least has the properties."""
    __tracebackhide__ = True
    _assert_one_has(synthesised, "data", kind, properties)


def assert_has_no_resource(synthesised: Synthesised, kind: Resource) -> None:
    """There is no resource of the kind at all."""
    __tracebackhide__ = True
    found = resources(synthesised, kind)
    if found:
        raise AssertionError(f"there should be no {_word(kind)}, and there is {', '.join(sorted(found))}")


def assert_properties(table: Mapping[str, object], properties: Mapping[str, object]) -> None:
    """A table, such as a resource's attributes or a statement, has the properties.

    ``None`` is refused here: without a kind nobody can tell whether a key is absent or misspelt.
    """
    __tracebackhide__ = True
    wrong = list(differences(table, properties))
    if wrong:
        raise AssertionError("\n".join(wrong))


def _assert_one_has(
    synthesised: Synthesised, block: str, kind: Kind, properties: Mapping[str, object]
) -> None:
    __tracebackhide__ = True
    found = of_kind(synthesised, block, kind)
    known = known_attributes(block, kind)
    wrong = {name: list(differences(each, properties, known=known)) for name, each in found.items()}
    if not wrong:
        raise AssertionError(f"there is no {_word(kind)}; there is {types_in(synthesised, block)}")
    nearest = min(wrong, key=lambda name: len(wrong[name]))
    if wrong[nearest]:
        lines = "\n".join(f"  {each}" for each in wrong[nearest])
        raise AssertionError(f"no {_word(kind)} has the properties; the nearest is {nearest}:\n{lines}")


def _word(kind: Kind) -> str:
    return kind if isinstance(kind, str) else kind.__name__
