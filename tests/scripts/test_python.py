"""The pretended python3 of a host does what the real one does with the same program."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.scripts.host import Host

PROGRAMS = {
    "words": "import sys; print(sys.argv, __name__)",
    "input": "import sys; print(sys.stdin.buffer.read(3), sys.stdin.encoding, sys.stdin.errors)",
    "no text": "import sys; sys.stdout.buffer.write(b'\\xff'); print(ascii(sys.argv[-1]))",
    "outputs": "import sys; print(sys.stdout.encoding, sys.stdout.errors, sys.stderr.errors)",
    "number": "import sys; sys.exit(3)",
    "message": "import sys; print('a'); sys.exit('no \\udcff such')",
    "nothing": "import sys; sys.exit()",
    "place": "import os; print(os.getcwd(), os.environ['PATH'])",
    "modules": "import json, re; print(json.loads('[1]'), re.escape('.'))",
}
ARGUMENTS = ["one", "two words", "", b"\xff".decode(errors="surrogateescape")]


@pytest.mark.parametrize("name", PROGRAMS)
def test_it_does_what_the_real_one_does(new_host: Host, name: str) -> None:
    pretended, real = (
        subprocess.run(
            [python, "-I", "-c", PROGRAMS[name], *ARGUMENTS],
            input=b"123456",
            cwd=new_host.path,
            env={"PATH": str(new_host.path / "bin")},
            capture_output=True,
            check=False,
        )
        for python in (new_host.path / "bin" / "python3", sys.executable)
    )
    assert (pretended.returncode, pretended.stdout) == (real.returncode, real.stdout)
    assert pretended.stderr == real.stderr


def test_an_error_that_nobody_catches_is_exit_code_1(new_host: Host) -> None:
    done = in_shell(new_host, """python3 -I -c "{}['key']" """)
    assert done.returncode == 1
    assert done.stderr.endswith(b"KeyError: 'key'\n")


def test_an_input_whose_writer_has_gone_is_read(new_host: Host) -> None:
    done = in_shell(new_host, "python3 -I -c 'import sys; print(sys.stdin.read())' <<<word")
    assert done.stdout == b"word\n\n"


def test_what_a_file_has_is_kept_by_what_is_added(new_host: Host, tmp_path: Path) -> None:
    in_shell(new_host, f"python3 -I -c 'print(1)' >{tmp_path}/a; python3 -I -c 'print(2)' >>{tmp_path}/a")
    assert (tmp_path / "a").read_text() == "1\n2\n"


def test_what_the_scripts_do_not_use_is_refused(new_host: Host) -> None:
    assert in_shell(new_host, "python3 -c pass").returncode == 2


def in_shell(host: Host, call: str) -> "subprocess.CompletedProcess[bytes]":
    path = {"PATH": str(host.path / "bin")}
    return subprocess.run(["bash", "-c", call], env=path, capture_output=True, check=False)
