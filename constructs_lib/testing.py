"""Helpers for tests of constructs: synthesise a construct, read the result, assert on it.

    def test_a_bucket_keeps_versions_and_refuses_plain_http():
        synthesised = Testing.synth_scope(lambda stack: Bucket(stack, "b", name="exports"))

        assert resource(synthesised, S3Bucket)["bucket"] == "exports"
        assert_has_resource_with_properties(
            synthesised, S3BucketVersioningA, {"versioning_configuration": {"status": "Enabled"}}
        )
        assert statement(resource(synthesised, S3BucketPolicy), "DenyPlainHttp")["Effect"] == "Deny"

``synthesised`` is the JSON text of a stack, or that text parsed. A kind is a class of the bindings
(``S3Bucket``) or Terraform's name for it (``"aws_s3_bucket"``). A function that finds nothing, or more
than one match, raises an AssertionError that lists what exists. ``assertions/matching.py`` explains how
expected properties are matched: a misspelt key fails, and ``None`` means absent.

cdktf's own matchers always pass for a property whose expected value is ``None``, and its
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
    """A stack with an account and a region, but without provider and backend.

    account: 12 digits.
    region: such as ``eu-central-1``.
    """

    __test__ = False  # pytest takes it for a test by its name

    def __init__(self, *, account: str, region: str) -> None:
        super().__init__(cdktf.Testing.app(), "stack")
        self.place = Place(account, region)


class Testing:
    """The part of cdktf's ``Testing`` that cannot be called from Python."""

    __test__ = False  # pytest takes it for a test by its name

    @staticmethod
    def synth_scope(
        fn: Callable[["TestingStack"], object],
        *,
        account: str = "123456789012",
        region: str = "eu-central-1",
        run_validations: bool = False,
    ) -> str:
        """Return the JSON of a new stack that contains only what ``fn`` adds to it.

        fn: is called with the stack.
        account, region: of the stack. Default: 123456789012, eu-central-1.
        run_validations: whether to run the validations of every construct; they also require a provider.
            Default: no.
        """
        stack = TestingStack(account=account, region=region)
        fn(stack)
        return Testing.synth(stack, run_validations=run_validations)

    @staticmethod
    def synth(stack: TerraformStack, *, run_validations: bool = False) -> str:
        """Return the JSON of a ``stack``; see ``synth_scope`` for ``run_validations``."""
        return cdktf.Testing.synth(stack, run_validations)


def assert_has_resource_with_properties(
    synthesised: Synthesised, kind: Resource, properties: Mapping[str, object]
) -> None:
    """Assert that at least one resource of the kind has the properties."""
    __tracebackhide__ = True
    _assert_one_has(synthesised, "resource", kind, properties)


def assert_has_data_source_with_properties(
    synthesised: Synthesised, kind: DataSource, properties: Mapping[str, object]
) -> None:
    """Assert that at least one data source of the kind has the properties."""
    __tracebackhide__ = True
    _assert_one_has(synthesised, "data", kind, properties)


def assert_has_no_resource(synthesised: Synthesised, kind: Resource) -> None:
    """Assert that there is no resource of the kind."""
    __tracebackhide__ = True
    found = resources(synthesised, kind)
    if found:
        raise AssertionError(f"expected no {_word(kind)}, found {', '.join(sorted(found))}")


def assert_properties(table: Mapping[str, object], properties: Mapping[str, object]) -> None:
    """Assert that a table, such as a resource's attributes or a statement, has the properties.

    ``None`` is refused: without a kind, an absent key cannot be told from a misspelt one.
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
    wrong = {
        name: list(differences(attributes, properties, known=known)) for name, attributes in found.items()
    }
    if not wrong:
        raise AssertionError(f"there is no {_word(kind)}; the stack has {types_in(synthesised, block)}")
    nearest = min(wrong, key=lambda name: len(wrong[name]))
    if wrong[nearest]:
        lines = "\n".join(f"  {difference}" for difference in wrong[nearest])
        raise AssertionError(f"no {_word(kind)} has the properties; the nearest is {nearest}:\n{lines}")


def _word(kind: Kind) -> str:
    return kind if isinstance(kind, str) else kind.__name__
