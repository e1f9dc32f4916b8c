"""One source, either engine: the other's names give the same modules, loaded once."""

import os
import subprocess
import sys

import pytest

from tests.constructs_lib.engine.test_bindings import CDK, ROOT, run

OTHER = {"cdktf": "cdktn", "cdktn": "cdktf"}[CDK.core]
SPELLINGS = [("cdktf", "cdktf_cdktf_provider_aws"), ("cdktn", "cdktn_provider_aws")]


@pytest.mark.parametrize(("core", "bindings"), SPELLINGS)
def test_either_spelling_gives_the_modules_of_the_engine_that_is_installed(core: str, bindings: str) -> None:
    done = run(
        f"import constructs_lib, {core}, {bindings}.sqs_queue as queue\n"
        f"import {CDK.core} as own, {CDK.bindings}.sqs_queue\n"
        f"from {bindings} import sqs_queue\n"
        f"assert {core} is own and {core}.App is own.App\n"
        f"assert queue is sqs_queue is {CDK.bindings}.sqs_queue\n"
        f"import sys, {bindings} as package; assert package is sys.modules[{CDK.bindings!r}]\n"
        f"print(own.__spec__.name, queue.__spec__.name, queue.SqsQueue.__module__)\n"
    )

    assert done.stdout.split() == [CDK.core, *[f"{CDK.bindings}.sqs_queue"] * 2]


@pytest.mark.parametrize(("core", "bindings"), SPELLINGS)
def test_a_module_runs_once_whatever_it_is_called(core: str, bindings: str) -> None:
    """Run twice, it would register its types with jsii twice; found by itself, it would never end."""
    done = run(
        "import constructs_lib\nfrom jsii import _reference_map\n"
        "registered, register = [], _reference_map.register_type\n"
        "def count(klass): registered.append(klass.__jsii_type__); register(klass)\n"
        "_reference_map.register_type = count\n"
        f"import {CDK.bindings}.sqs_queue, {bindings}.sqs_queue\n"
        "print(len(registered), len(set(registered)))\n"
    )

    once, distinct = done.stdout.split()
    assert once == distinct != "0"


def test_a_module_that_neither_has_is_refused_under_the_name_that_was_asked_for() -> None:
    for core, bindings in SPELLINGS:
        for name in (f"{core}.nothing", f"{bindings}.sqs_kueue"):
            done = run(
                f"import constructs_lib\ntry: import {name}\nexcept ModuleNotFoundError as e: print(e.name)"
            )
            assert done.stdout.strip() == name


def test_an_engine_that_was_asked_for_and_is_not_there_is_said_and_not_replaced() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import constructs_lib"],
        cwd=ROOT,
        env=os.environ | {"ENGINE": OTHER},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    said = done.stderr
    assert said.startswith(f"error: ENGINE is {OTHER}, which is not installed in {sys.executable}")
    assert "`make setup` creates an environment with it" in said


def test_a_variable_that_names_no_engine_is_some_other_programs() -> None:
    assert run("import constructs_lib, cdktf; print(cdktf.__name__)", ENGINE="diesel").stdout.split() == [
        CDK.core
    ]
