"""python3 on a pretended host: a copy of one process that has loaded what the scripts import.

A Python that starts takes as long as all else that a host script does. What calls it (``call``) is a few
lines of shell; the copy opens the caller's own input and outputs, and has its directory and environment.
"""

import json  # noqa: F401 # for the scripts
import os
import re  # noqa: F401 # for the scripts
import select
import signal
import socket
import subprocess
import sys
from functools import cache
from importlib import import_module
from pathlib import Path

WRITING = os.O_WRONLY | os.O_APPEND
PYTHON = """#!/bin/bash
if [[ "${1}" != -I || "${2}" != -c ]]; then
  echo "only python3 -I -c is pretended here" >&2
  exit 2
fi
shift 2
"""
MODULE = """#!/bin/bash
set -- 'import sys; from @module@ import main; sys.exit(main(sys.argv[1:]))' "${@}"
"""
CALL = """# 0 and 1 are the connection while something is redirected.
exec 3<>/dev/tcp/127.0.0.1/@port@ 4<&0 5>&1
printf '%s\\0' "${#}" "${$}" "${@}" >&3
read -r status <&3
exit "${status}"
"""


def place_python(folder: Path) -> None:
    """Put it into a folder of a host's PATH."""
    _place(folder / "python3", PYTHON + call())


def place_module(program: Path, module: str, path: str) -> None:
    """Put a program there that is a module's ``main``. path: where Python finds its modules."""
    _place(program, MODULE.replace("@module@", module) + call(path, module))


def _place(program: Path, text: str) -> None:
    program.write_text(text, encoding="utf-8")
    program.chmod(0o755)


@cache
def call(path: str = "", *modules: str) -> str:
    """Lines of shell that hand a call on. The process behind them ends when this one does.

    path: where it finds modules, besides Python's own. modules: what it loads at once.
    """
    server = subprocess.Popen(
        [Path(sys.executable).resolve(), "-I", "-S", __file__, path, *modules],
        cwd="/",
        env={},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
        text=True,
    )
    assert server.stdout is not None
    return CALL.replace("@port@", server.stdout.readline().strip())


def serve(path: str, *modules: str) -> None:
    """Makes a copy for each call, until standard input is closed."""
    sys.path += path.split(os.pathsep) if path else []
    for module in modules:
        import_module(module)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody has to wait for the copies
    listener = socket.create_server(("127.0.0.1", 0), backlog=64)
    print(listener.getsockname()[1], flush=True)  # noqa: T201 - read by call()
    while sys.stdin not in select.select([listener, sys.stdin], [], [])[0]:
        connection, _ = listener.accept()
        if os.fork() == 0:
            listener.close()
            answer(connection)
        connection.close()


def answer(connection: socket.socket) -> None:
    """Does what one call asks for, tells its exit code, and ends."""
    words = connection.recv(65536).split(b"\0")
    while len(words) < int(words[0]) + 3:
        words = (b"\0".join(words) + connection.recv(65536)).split(b"\0")
    process, program, *arguments = (os.fsdecode(word) for word in words[1:-1])
    for number, theirs, way in ((0, 4, os.O_RDONLY), (1, 5, WRITING), (2, 2, WRITING)):
        # Not waiting for the other end of a pipe, which may have gone.
        opened = os.open(f"/proc/{process}/fd/{theirs}", way | os.O_NONBLOCK)
        os.set_blocking(opened, True)
        os.dup2(opened, number)
    os.chdir(f"/proc/{process}/cwd")
    for variable in Path(f"/proc/{process}/environ").read_bytes().split(b"\0")[:-1]:
        name, _, value = variable.partition(b"=")
        os.environb[name] = value
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    connection.sendall(b"%d\n" % status(program, arguments))
    os._exit(0)


def status(program: str, arguments: list[str]) -> int:
    """Runs a program as ``python3 -c`` does; its exit code."""
    sys.argv = ["-c", *arguments]
    code = 0
    try:
        exec(program, {"__name__": "__main__"})
    except SystemExit as ended:
        if isinstance(ended.code, str):
            sys.stderr.write(f"{ended.code}\n")
        code = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    except BaseException:
        sys.excepthook(*sys.exc_info())
        code = 1
    sys.stdout.flush()
    sys.stderr.flush()
    return code


if __name__ == "__main__":
    serve(*sys.argv[1:])
