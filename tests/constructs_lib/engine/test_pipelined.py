"""Node loads packages and resources while Python goes on; what goes wrong there is said all the same."""

import pytest

from tests.constructs_lib.engine.test_bindings import CDK, PROGRAM, ROOT, run

NODE = "from jsii._runtime import kernel\nnode = kernel.provider._process\n"


def test_python_waits_for_node_only_when_it_asks_for_something() -> None:
    done = run(
        f"import constructs_lib, cdktf\n{NODE}"
        "unread = len(node._unread)\n"
        "cdktf.Testing.app()\n"
        "print(unread > 2, len(node._unread))\n"
    )

    assert done.stdout == "True 0\n"


def test_a_resource_that_is_imported_is_loaded_by_node_before_it_is_used() -> None:
    counter = ROOT / "tests" / "constructs_lib" / "engine" / "count_bindings.js"
    program = "import constructs_lib, cdktf\nfrom cdktf_cdktf_provider_aws import iam_role, sqs_queue\n"

    done = run(f"{program}cdktf.Testing.app()", NODE_OPTIONS=f"--require {counter}")

    assert "bindings loaded: 2\n" in done.stderr


@pytest.mark.parametrize("eager", ["0", "1"])
def test_a_package_that_cannot_be_loaded_is_said(eager: str) -> None:
    done = run(
        "import constructs_lib, cdktf\nfrom jsii._runtime import kernel\n"
        "try:\n"
        "    kernel.load('nowhere', '1.0.0', '/nowhere/nowhere.tgz')\n"
        "    cdktf.Testing.app()\n"
        "except Exception as error:\n"
        "    print(type(error).__name__, 'nowhere.tgz' in str(error))\n",
        SLIPWAY_EAGER_BINDINGS=eager,
    )

    assert done.stdout.split()[1] == "True"


def test_a_node_that_jsii_has_started_already_is_kept() -> None:
    started = f"import {CDK.core}\n{CDK.core}.Testing.app()\n"
    kind = "print(type(node).__name__, file=sys.stderr)"

    done = run(f"{started}{PROGRAM}{NODE}{kind}")

    assert '"aws_sqs_queue"' in done.stdout
    assert done.stderr.endswith("_NodeProcess\n")
