"""jsii or bindings that are not as we know them: the same bytes, and one warning says what it costs."""

import os
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import jsii
import pytest

from tests.constructs_lib.engine.test_bindings import PROGRAM, ROOT, run

pytestmark = [
    pytest.mark.integration,
    pytest.mark.slow,
    pytest.mark.timeout(900),  # the eager run compiles 1,500 modules in a fresh environment
]

NOTHING = ""
WAITING = "about half a second more"
STOCK_NODE = "about 4 seconds and 400 MB more"
TWO_NODES = "a second Node is started"


@dataclass(frozen=True)
class Other:
    """What is different in another jsii, how its files say it, and what the warning says then."""

    name: str
    changes: Mapping[str, str]
    """Patterns, and what stands in their place, in all of its files."""
    warning: str

    def write(self, root: Path) -> None:
        """The jsii that is installed, but for the difference."""
        copy = shutil.copytree(
            Path(jsii.__file__).parent, root / "jsii", ignore=shutil.ignore_patterns("__pycache__")
        )
        found = set()
        for file in (path for path in copy.rglob("*") if path.suffix in {".py", ".js"}):
            text = file.read_text()
            for pattern, replacement in self.changes.items():
                text, number = re.subn(pattern, replacement, text, flags=re.MULTILINE)
                found |= {pattern} if number else set()
            file.write_text(text)
        assert found == self.changes.keys()


OTHERS = [
    Other("its process has another name", {r"\b_NodeProcess\b": "_Node"}, WAITING),
    Other("its requests have other names", {r"\bLoadRequest\b": "LoadCommand"}, WAITING),
    Other("its messages are read by another function", {r"\bohook\b": "read_object"}, WAITING),
    Other("its types are registered by another function", {r"\bregister_type\b": "register_class"}, WAITING),
    Other(
        "its types are registered with another kernel",
        {
            r"_reference_map\.register_type\(": "_reference_map.TYPES(",
            r"(?<=\n)_refs = ": "TYPES = register_type\n_refs = ",
        },
        WAITING,
    ),
    Other(
        "what is asked without a question has an answer",
        {r"(StaticGetRequest\(fqn=klass[^)]+\)\s+\))\.value": r"\1.value or {}['none']"},
        WAITING,
    ),
    Other("it reads in another way", {r"\b_next_message\b": "_receive"}, STOCK_NODE),
    Other(
        "what it reads is of another shape",
        {
            r"return (json\.loads\(self\._process.*)": r"return [\1]",
            r"self\._next_message\(\)": r"self._next_message()[0]",
        },
        STOCK_NODE,
    ),
    Other(
        "its messages are of another format",
        {r"p=\{ok:e\}": "p={done:e}", r"^    ok: Any": "    done: Any", r"\bresp\.ok\b": "resp.done"},
        STOCK_NODE,
    ),
    Other(
        "it waits for the greeting",
        {
            r"(^ +)self\.handshake\(\)": r"\1assert self.handshake()",
            r"(^ +)(\), f\"Invalid JSII.*)": r"\1\2\n\1return True",
        },
        STOCK_NODE,
    ),
    Other(
        "it makes its process in another way",
        {
            r"^class ProcessProvider": "_make = lambda kind=_NodeProcess: kind()\n\n\\g<0>",
            r"process = _NodeProcess\(\)": "process = _make()",
        },
        STOCK_NODE,
    ),
    Other(
        "its kernel does not run without its launcher",
        {
            r"\{stdio:(?=\[)": '{env:{...process.env,LAUNCHED:"1"},stdio:',
            r"let __webpack_exports__=(?=__\w+\(3809\))": "if(!process.env.LAUNCHED)throw 1;\\g<0>",
        },
        STOCK_NODE,
    ),
    Other(
        "its kernel listens at another descriptor",
        {
            r'\["ignore","pipe","pipe","pipe"\]': '["ignore","pipe","pipe","ignore","pipe"]',
            r"o\.stdio\[3\]": "o.stdio[4]",
            "readFD:3,writeFD:3": "readFD:4,writeFD:4",
        },
        TWO_NODES,
    ),
    Other(
        "its kernel lies elsewhere",
        {r'"lib","program\.js"': '"lib","kernel.js"', r'"lib/program\.js"': '"lib/kernel.js"'},
        TWO_NODES,
    ),
    Other(
        "it hands on more when it makes, starts and asks its process",
        {
            r"def __init__\(self\):\n(?= +self\._serializer)": "def __init__(self, node):\n",
            r"_NodeProcess\(\)": '_NodeProcess("node")',
            r"def start\(self\)": "def start(self, patience)",
            r"process\.start\(\)": "process.start(patience=60)",
            r"request: KernelRequest, response_type": "request: KernelRequest, *, response_type",
            r"self\._process\.send\(request, ": "self._process.send(request, response_type=",
        },
        NOTHING,
    ),
    Other("it greets where it starts", {r"\bhandshake\b": "_greet"}, NOTHING),
    Other(
        "it starts its process by another name",
        {r"^import subprocess$": "import subprocess as programs", r"\bsubprocess\.": "programs."},
        NOTHING,
    ),
]


@pytest.fixture(scope="module")
def eager() -> str:
    return run(PROGRAM, SLIPWAY_EAGER_BINDINGS="1").stdout


@pytest.mark.parametrize("other", OTHERS, ids=lambda other: other.name)
def test_another_jsii_is_used_as_it_is(other: Other, eager: str, tmp_path: Path) -> None:
    other.write(tmp_path)
    program = f"import jsii\nassert jsii.__file__.startswith({str(tmp_path)!r})\n{PROGRAM}"

    done = run(program, PYTHONPATH=f"{tmp_path}{os.pathsep}{ROOT}")

    assert done.stdout == eager
    assert done.stderr.count("each synthesis takes") == (1 if other.warning else 0), done.stderr
    assert other.warning in done.stderr


def test_an_index_of_another_shape_is_used_as_it_is(eager: str) -> None:
    preload = ROOT / "tests" / "constructs_lib" / "engine" / "other_index.js"

    done = run(PROGRAM, NODE_OPTIONS=f"--require {preload}")

    assert done.stdout == eager
    assert done.stderr.count("each synthesis takes about 3 seconds and 300 MB more") == 1


def test_what_is_known_gives_no_warning(eager: str) -> None:
    done = run(PROGRAM)

    assert done.stdout == eager
    assert "each synthesis takes" not in done.stderr
