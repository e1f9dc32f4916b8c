"""The bindings made lazy: the same bytes, and nothing else in the process any different."""

import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

from constructs_lib.engine.bindings import KNOWN_JSII
from constructs_lib.engine.either import ENGINES, choose_engine

import pytest

ROOT = Path(__file__).parents[3]
CDK = choose_engine() or ENGINES[0]  # one is installed

# A stack with resources of several kinds, references between them, a nested block and a data source.
PROGRAM = """
import sys
from constructs_lib.testing import Testing
from cdktf_cdktf_provider_aws.data_aws_caller_identity import DataAwsCallerIdentity
from cdktf_cdktf_provider_aws.iam_role import IamRole
from cdktf_cdktf_provider_aws.s3_bucket import S3Bucket
from cdktf_cdktf_provider_aws.s3_bucket_versioning import S3BucketVersioningA
from cdktf_cdktf_provider_aws.sqs_queue import SqsQueue

def fill(stack):
    bucket = S3Bucket(stack, "bucket", bucket="exports")
    S3BucketVersioningA(stack, "versioning", bucket=bucket.id, versioning_configuration={"status": "Enabled"})
    me = DataAwsCallerIdentity(stack, "me")
    IamRole(stack, "role", name=f"role-of-{me.account_id}", assume_role_policy="{}")
    SqsQueue(stack, "queue", fifo_queue=True, tags={"bucket": bucket.arn})

print(Testing.synth_scope(fill))
"""


def run(program: str, *, root: Path = ROOT, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a program in a Python of its own, as a person's shell would."""
    inherited = {
        name: value for name, value in os.environ.items() if name not in {"NODE_OPTIONS", "JSII_NODE"}
    }
    done = subprocess.run(
        [sys.executable, "-W", "always", "-c", program],
        cwd=root,
        env=inherited | {"PYTHONPATH": str(root)} | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done


WHOLE_PIPELINE = f"""
import sys
import main
assert main.main() == 0
print(len([name for name in sys.modules if name.startswith("{CDK.bindings}.")]))
"""


@pytest.mark.integration
@pytest.mark.slow
@pytest.mark.timeout(900)  # the eager run compiles 1,500 modules in a fresh environment
def test_the_whole_pipeline_is_synthesised_the_same_byte_for_byte(tmp_path: Path) -> None:
    lazy = run(WHOLE_PIPELINE, CDKTF_OUTDIR=str(tmp_path / "lazy"))
    eager = run(WHOLE_PIPELINE, CDKTF_OUTDIR=str(tmp_path / "eager"), SLIPWAY_EAGER_BINDINGS="1")

    assert int(lazy.stdout) < 200
    assert int(eager.stdout) > 1000 or CDK.core == "cdktn"  # whose Python side is lazy by itself
    assert len(list(tmp_path.glob("lazy/stacks/*/cdk.tf.json"))) >= 4
    assert content(tmp_path / "lazy") == content(tmp_path / "eager")


def content(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


@pytest.mark.integration
@pytest.mark.slow
def test_a_package_cache_that_is_empty_changes_nothing(tmp_path: Path) -> None:
    assert (
        run(PROGRAM, JSII_RUNTIME_PACKAGE_CACHE_ROOT=str(tmp_path)).stdout
        == run(PROGRAM, JSII_RUNTIME_PACKAGE_CACHE="disabled").stdout
        == run(PROGRAM).stdout
    )


def test_only_the_resources_in_use_are_loaded_by_node() -> None:
    """And only their types are read from jsii's files of definitions, which have up to 45 MB."""
    counter = ROOT / "tests" / "constructs_lib" / "engine" / "count_bindings.js"

    said = run(PROGRAM, NODE_OPTIONS=f"--require {counter}").stderr

    assert "bindings loaded: 5\n" in said
    assert "files of definitions read: 0\n" in said


def test_node_options_are_kept_for_node_and_restored_for_everybody_else(tmp_path: Path) -> None:
    preload = tmp_path / "mine.js"
    preload.write_text("process.stderr.write('mine ran\\n');")
    theirs = f"--require {preload}"

    done = run("import os, constructs_lib, cdktf; print(os.environ['NODE_OPTIONS'])", NODE_OPTIONS=theirs)

    assert done.stdout.strip() == theirs
    assert "mine ran" in done.stderr


def test_what_was_not_set_for_node_is_not_set_afterwards() -> None:
    program = (
        "import os, constructs_lib, cdktf; print({'NODE_OPTIONS', 'NODE_COMPILE_CACHE'} & {*os.environ})"
    )

    assert run(program).stdout == "set()\n"


def test_what_node_compiled_is_used_again(tmp_path: Path) -> None:
    """jsii puts everything into new folders; Node keeps what it compiled by a file's whole name."""
    run(PROGRAM, NODE_COMPILE_CACHE=str(tmp_path))
    kept = content(tmp_path)

    run(PROGRAM, NODE_COMPILE_CACHE=str(tmp_path))

    assert len(kept) > 100
    assert content(tmp_path).keys() == kept.keys()


def test_an_environment_that_cannot_be_written_to_keeps_nothing() -> None:
    done = run(f"import sys\nsys.prefix = '/proc/nowhere'\n{PROGRAM}")

    assert '"fifo_queue": true' in done.stdout
    assert "each synthesis takes" not in done.stderr


def test_the_checkout_may_lie_anywhere(tmp_path: Path) -> None:
    name = 'with spaces, "quotes" and \\ backslash'
    shutil.copytree(ROOT / "constructs_lib", tmp_path / name / "constructs_lib")

    program = "import constructs_lib; print(constructs_lib.__file__)\n" + PROGRAM
    done = run(program, root=tmp_path / name)

    assert str(tmp_path / name) in done.stdout
    assert "aws_sqs_queue" in done.stdout


def test_every_way_to_import_a_resource_works() -> None:
    done = run(
        "import constructs_lib\n"
        "import cdktf_cdktf_provider_aws\n"
        "from cdktf_cdktf_provider_aws import sqs_queue\n"
        "from cdktf_cdktf_provider_aws.sqs_queue import SqsQueue\n"
        "assert cdktf_cdktf_provider_aws.sqs_queue is sqs_queue\n"
        "assert sqs_queue.SqsQueue is SqsQueue\n"
        "print(cdktf_cdktf_provider_aws.s3_bucket.S3Bucket.__name__)\n"
    )

    assert done.stdout == "S3Bucket\n"


def test_a_resource_that_does_not_exist_is_refused_as_python_does() -> None:
    done = run(
        "import constructs_lib, cdktf_cdktf_provider_aws\n"
        "try: cdktf_cdktf_provider_aws.sqs_kueue\n"
        "except AttributeError as error: print(error)\n"
        "try: from cdktf_cdktf_provider_aws import sqs_kueue\n"
        "except ImportError as error: print(error)\n"
    )

    assert f"module {CDK.bindings!r} has no attribute 'sqs_kueue'" in done.stdout
    assert f"cannot import name 'sqs_kueue' from {CDK.bindings!r}" in done.stdout


def test_bindings_that_were_imported_before_still_work_and_a_warning_says_what_to_change() -> None:
    # Stands for the real package, which takes fifteen seconds to import.
    done = run(
        "import sys, types\n"
        f"sys.modules[{CDK.bindings!r}] = mine = types.ModuleType('mine')\n"
        "import constructs_lib\n"
        f"assert sys.modules[{CDK.bindings!r}] is mine\n"
    )

    assert f"import constructs_lib before {CDK.bindings}" in done.stderr


def test_jsii_uses_the_environments_own_node() -> None:
    node = run("import os, constructs_lib; print(os.environ['JSII_NODE'])").stdout.strip()

    assert Path(node).is_relative_to(sys.prefix)
    assert subprocess.check_output([node, "--version"], text=True).startswith(
        "v24." if CDK.core == "cdktn" else "v22."
    )


def test_a_node_that_was_chosen_is_left_alone(tmp_path: Path) -> None:
    chosen = tmp_path / "node"
    chosen.symlink_to(run("import os, constructs_lib; print(os.environ['JSII_NODE'])").stdout.strip())

    done = run("import os, constructs_lib; print(os.environ['JSII_NODE'])", JSII_NODE=str(chosen))

    assert done.stdout.strip() == str(chosen)


def test_archives_are_made_as_ever(tmp_path: Path) -> None:
    (tmp_path / "handler").mkdir()
    (tmp_path / "handler" / "index.py").write_text("print('hello')")

    run(
        "import constructs_lib, cdktf\n"
        f"app = cdktf.App(outdir={str(tmp_path / 'out')!r})\n"
        "stack = cdktf.TerraformStack(app, 'stack')\n"
        f"folder = {str(tmp_path / 'handler')!r}\n"
        "cdktf.TerraformAsset(stack, 'asset', path=folder, type=cdktf.AssetType.ARCHIVE)\n"
        "app.synth()\n"
    )

    (archive,) = tmp_path.glob("out/stacks/stack/assets/**/archive.zip")
    assert zipfile.ZipFile(archive).read("index.py") == b"print('hello')"


@pytest.mark.parametrize(
    ("folder", "loaded"),
    [
        ("@cdktf/provider-aws/lib", ""),
        ("@cdktf/provider-aws/20.1.0/8ddcbe1d/lib", ""),
        ("@cdktn/provider-aws/25.8.1/8ddcbe1d/lib", ""),
        ("@cdktf/provider-aws/lib/s3-bucket", "a"),
        ("@cdktf/provider-aws/node_modules/other/lib", "a"),
        ("@cdktf/provider-aws-next/lib", "a"),
        ("@cdktf/provider-google/lib", "a"),
    ],
)
@pytest.mark.parametrize(
    "index",
    ['exports.a = require("./a");', 'exports.a = __importStar(require("./a"));'],
    ids=["cdktf", "cdktn"],
)
def test_only_the_index_of_the_aws_bindings_is_rewritten(
    tmp_path: Path, folder: str, loaded: str, index: str
) -> None:
    package = tmp_path / folder
    package.mkdir(parents=True)
    (package / "index.js").write_text(f"const __importStar = (found) => found;\n{index}\n")
    (package / "a.js").write_text('process.stdout.write("a"); exports.value = 1;\n')
    node = Path(sys.prefix) / "bin" / "node"
    preload = ROOT / "constructs_lib" / "engine" / "bindings.js"

    def evaluate(script: str) -> str:
        command = [str(node), "--require", str(preload), "--eval", script]
        return subprocess.check_output(command, cwd=package, text=True)

    assert evaluate("require('./index.js')") == loaded
    assert evaluate("const x = require('./index.js'); console.log(x.a.value, x.a === x.a)") == "a1 true\n"


NODES = """
import os
import constructs_lib
import cdktf
from pathlib import Path

def parent(process):
    try:
        return int(Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0  # it has ended meanwhile

def descends(process):
    while process not in (0, 1, os.getpid()):
        process = parent(process)
    return process == os.getpid()

mine = [int(each.name) for each in Path("/proc").glob("[0-9]*") if descends(int(each.name))]
print(len(mine) - 1)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux lists processes in /proc")
def test_one_node_runs_and_not_two() -> None:
    assert run(NODES).stdout.strip() == "1"
    assert run(NODES, SLIPWAY_EAGER_BINDINGS="1").stdout.strip() == "2"


def test_what_javascript_prints_is_printed(tmp_path: Path) -> None:
    """Between the messages of the kernel it would break them."""
    talkative = tmp_path / "talkative.js"
    talkative.write_text(
        "setImmediate(() => { console.log('said by JavaScript'); console.error('cried by it'); });"
    )
    done = run(PROGRAM, NODE_OPTIONS=f"--require {talkative}")
    assert "said by JavaScript\n" in done.stdout
    assert "cried by it\n" in done.stderr
    assert '"fifo_queue": true' in done.stdout


def test_an_error_of_javascripts_is_one_of_pythons() -> None:
    program = """
from constructs_lib.testing import Testing
from cdktf import TerraformOutput
try:
    Testing.synth_scope(lambda stack: [TerraformOutput(stack, "twice", value="") for _ in range(2)])
except RuntimeError as error:
    print(error)
"""
    assert "There is already a Construct with name 'twice'" in run(program).stdout


def test_warnings_of_what_is_not_as_known_name_the_versions_that_are_locked() -> None:
    """Where a lock moves, the warnings move with it: once test_other_jsii.py has passed."""
    said = {
        "requirements.txt": {"jsii": "one_node.js", "cdktf-cdktf-provider-aws": "bindings.js"},
        "engines/cdktn/requirements.txt": {"jsii": "one_node.js", "cdktn-provider-aws": "bindings.js"},
    }
    for lock, packages in said.items():
        for package, file in packages.items():
            (version,) = re.findall(rf"^{package}==([\d.]+)", (ROOT / lock).read_text(), flags=re.MULTILINE)
            assert f" {package} {version}," in (ROOT / "constructs_lib" / "engine" / file).read_text()
            assert package != "jsii" or version == KNOWN_JSII
