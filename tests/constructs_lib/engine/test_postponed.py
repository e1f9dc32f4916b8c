# ruff: noqa: UP006, UP007, UP045 - types as jsii writes them
"""What an older jsii generated is imported without building its types, and they are checked all the same."""

import sys
import typing
from importlib import import_module
from importlib.machinery import SourceFileLoader
from importlib.util import find_spec
from pathlib import Path

from constructs_lib.engine.postponed import _is_surely, postpone_annotations, postponed

import pytest
import typeguard
from constructs import Construct, IConstruct

from tests.constructs_lib.engine.test_bindings import CDK, run

PIPELINE = Construct.__new__(Construct)
SITE = Path(pytest.__file__).parents[1]
USED = ("_jsii", "iam_role", "codepipeline", "data_aws_caller_identity", "sns_topic", "wafv2_web_acl")
KNOWN = [SITE / CDK.core, *(SITE / CDK.bindings / name for name in USED)]

REFUSED = """
from constructs_lib.testing import Testing
import cdktf
from cdktf_cdktf_provider_aws.sqs_queue import SqsQueue, SqsQueueTimeouts

def refused(stack):
    for make in (
        lambda: SqsQueue(stack, "queue", delay_seconds="soon"),
        lambda: SqsQueueTimeouts(create=1),
        lambda: SqsQueue(stack, "tagged", timeouts={"create": 1}),
        lambda: cdktf.TerraformOutput(stack, "output", value="", sensitive="yes"),
    ):
        try:
            make()
        except TypeError as error:
            print(error)

Testing.synth_scope(refused)
"""
SAID = """\
type of argument delay_seconds must be one of (int, float, NoneType); got str instead
type of argument create must be one of (str, NoneType); got int instead
type of argument create must be one of (str, NoneType); got int instead
type of argument sensitive must be one of (bool, NoneType); got str instead
"""


def test_what_has_the_wrong_type_is_refused_with_the_same_words() -> None:
    assert run(REFUSED).stdout == SAID


@pytest.mark.integration
@pytest.mark.slow
@pytest.mark.timeout(900)  # the eager run compiles 1,500 modules in a fresh environment
def test_these_are_the_words_of_the_packages_as_they_are() -> None:
    assert run(REFUSED, SLIPWAY_EAGER_BINDINGS="1").stdout == SAID


VALUES: tuple[object, ...] = (
    *(
        None,
        True,
        1,
        1.5,
        "text",
        b"bytes",
        [],
        ["a"],
        ["a", 1],
        [None],
        (),
        ("a",),
        {},
        {"a": "b"},
        {"a": 1},
    ),
    *({1: "a"}, {"a": ["b"]}, object(), str, PIPELINE),
)
TYPES = (
    *(str, bool, int, float, type(None), typing.Any, object),
    *(typing.Optional[str], typing.Optional[float], typing.Union[bool, IConstruct], IConstruct, Construct),
    *(typing.Sequence[str], typing.List[float], typing.Optional[typing.Sequence[IConstruct]]),
    *(typing.Mapping[str, str], typing.Dict[str, typing.Any], typing.Mapping[str, typing.Sequence[str]]),
    *(
        typing.Optional[typing.Union[str, typing.Dict[str, typing.Any]]],
        typing.Tuple[str, ...],
        typing.Type[str],
    ),
)


@pytest.mark.parametrize("expected", TYPES, ids=str)
def test_what_a_short_look_takes_typeguard_takes(expected: object) -> None:
    for value in VALUES:
        if _is_surely(value, expected):
            typeguard.check_type("argument", value, expected)


def test_a_short_look_tells_of_what_stacks_are_made_of(tmp_path: Path) -> None:
    """Then typeguard, which takes longer to import than to look, is not even imported."""
    program = "import main, sys\nmain.main()\nprint('typeguard' in sys.modules)\n"
    used = run(program, CDKTF_OUTDIR=str(tmp_path / "out"), PYTHONDONTWRITEBYTECODE="")

    assert used.stdout == "False\n"


@pytest.mark.parametrize("module", KNOWN, ids=lambda module: module.name)
def test_a_module_keeps_its_lines_and_builds_no_types_when_it_is_imported(module: Path) -> None:
    source = (module / "__init__.py").read_text()

    text = postponed(source)

    older = module.relative_to(SITE).parts[0] in CDK.older_jsii
    assert (text != source) is older
    assert text.count("\n") == source.count("\n")
    if older:
        assert "get_type_hints" not in text
        assert "_metadata_package_version" not in text


def test_a_module_of_another_shape_is_left_as_it_is() -> None:
    source = (KNOWN[0] / "__init__.py").read_text()
    other = source.replace('"""Type checking stubs"""', '"""Stubs"""', 1)

    assert postponed(other) == other
    assert postponed("import typing\n") == "import typing\n"


def test_what_is_imported_was_postponed() -> None:
    """Where it was not, nothing would tell but the time: a type is built for the first call alone."""
    bindings = CDK.bindings in CDK.older_jsii
    made = "SqsQueue(stack, 'x', name='jobs')" if bindings else "TerraformOutput(stack, 'x', value='jobs')"
    done = run(
        "from constructs_lib.testing import Testing\n"
        "from cdktf import TerraformOutput\n"
        "from cdktf_cdktf_provider_aws.sqs_queue import SqsQueue\n"
        "import typing\n"
        "typing.get_type_hints = None\n"
        f"print(type({made.partition('(')[0]}.__init__.__annotations__['id']).__name__)\n"
        f"print(Testing.synth_scope(lambda stack: {made}))\n",
        PYTHONDONTWRITEBYTECODE="",
    )

    assert done.stdout.startswith("str\n")
    assert '"jobs"' in done.stdout


def test_a_module_that_could_not_be_kept_is_imported_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To compile it in each process would take longer than to build its types."""
    (tmp_path / "older_bindings.py").write_text("")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(sys, "meta_path", list(sys.meta_path))
    postpone_annotations({"older_bindings"})

    def is_postponed() -> bool:
        spec = find_spec("older_bindings")
        assert spec
        return type(spec.loader) is not SourceFileLoader

    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    assert is_postponed()
    import_module("older_bindings")
    monkeypatch.delitem(sys.modules, "older_bindings")
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    assert is_postponed()
    for kept in tmp_path.glob("__pycache__/*.pyc"):
        kept.unlink()
    assert not is_postponed()
