"""``python -m local.emulator``: runs the emulated AWS in its own process.

``serve`` ends when its standard input is closed. The process that started it holds the other end of a pipe,
which closes however that process ends. After a line ``keep`` on it the emulator runs until ``stop``.
Exit codes: 0 ended or stopped, 1 could not serve or stop, 2 wrong usage.
"""

import argparse
import os
import signal
import sys
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import IO, Any, NoReturn

from local.emulator import pid_file
from slipway.console.errors import SlipwayError

KEEP = b"keep\n"
MOTO = {"MOTO_IAM_LOAD_MANAGED_POLICIES": "true", "MOTO_ACM_VALIDATION_WAIT": "0"}


def main(arguments: list[str] | None = None) -> int:
    """Runs ``serve`` or ``stop``; the exit code."""
    options = _parser().parse_args(arguments)
    try:
        if options.command == "serve":
            serve(options)
        stopped = pid_file.stop(options.record)
    except SlipwayError as problem:
        sys.stderr.write(f"{problem}\n")
        return problem.exit_code
    sys.stdout.write("stopped\n" if stopped else f"no emulator is running that wrote {options.record}\n")
    return 0


def serve(options: argparse.Namespace) -> NoReturn:
    """Serves until its input closes, a signal arrives or it is stopped; then ends the process."""
    _leave_when_told(None)
    _prepare_for_moto(options.account)
    _parse_service_models_once()
    endpoint = _start(options)
    sys.stdout.write(f"{endpoint}\n")
    sys.stdout.flush()
    here = pid_file.PidFile(os.getpid(), endpoint, options.account)
    locks = [_announce(options.record, here)]
    if KEEP not in sys.stdin.buffer:  # standard input was closed
        _leave(options.record)
    locks.append(_announce(options.record, replace(here, kept=True)))
    while True:
        signal.pause()


def _start(options: argparse.Namespace) -> str:
    """Starts the server; its endpoint."""
    from local.emulator import existing, gaps, server  # noqa: PLC0415 - moto reads its settings on import
    from local.emulator.strict.propagation import Propagation  # noqa: PLC0415 - the same

    gaps.fill(without=options.without)
    existing.install(options.existing)
    return server.start(
        options.account,
        calls=options.calls,
        findings=options.findings,
        propagation=Propagation(options.iam_delays),
    )


def _announce(path: Path | None, here: pid_file.PidFile) -> IO[str] | None:
    """Writes the PID file if one is wanted; returns its lock, which the caller has to keep."""
    if path is None:
        return None
    _leave_when_told(path)
    return pid_file.publish(path, here)


def _leave_when_told(written: Path | None) -> None:
    """Ends the process quietly on SIGTERM, SIGINT and SIGHUP."""
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda _number, _frame: _leave(written))


def _leave(written: Path | None) -> NoReturn:
    """Ends the process at once, even while requests are being answered; that releases its lock."""
    if written:
        written.unlink(missing_ok=True)
    os._exit(0)


def _prepare_for_moto(account: str) -> None:
    """Removes the environment variables that moto and its boto3 would read, and sets moto's own."""
    for name in [variable for variable in os.environ if variable.startswith(("AWS_", "MOTO_"))]:
        del os.environ[name]
    os.environ.update({**MOTO, "MOTO_ACCOUNT_ID": account})


def _parse_service_models_once() -> None:
    """Lets all sessions of moto's boto3 share one loader: moto opens three only to list EC2's regions."""
    import botocore.session  # noqa: PLC0415 - `stop` needs none of it

    session: Any = botocore.session
    session.create_loader = cache(session.create_loader)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m local.emulator", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    serving = commands.add_parser("serve", help="serve until standard input is closed")
    serving.add_argument("--account", required=True, help="the id of the emulated AWS account, 12 digits")
    serving.add_argument("--record", type=Path, help="a file to write when the server is up; stop reads it")
    serving.add_argument("--calls", type=Path, help="a file in which each call is recorded")
    serving.add_argument(
        "--findings",
        type=Path,
        help="refuse what AWS refuses; a file for values that AWS's models do not list",
    )
    serving.add_argument(
        "--iam-delays",
        type=int,
        metavar="SEED",
        help="delay new IAM resources: other services see them only after some calls",
    )
    serving.add_argument(
        "--existing",
        action="append",
        default=[],
        metavar="ARN",
        help="a certificate or connection that the account has from the start",
    )
    serving.add_argument(
        "--without",
        action="append",
        default=[],
        metavar="GAP",
        help="do not fill this gap of moto; for tests",
    )
    stopping = commands.add_parser("stop", help="stop an emulator that was kept")
    stopping.add_argument("record", type=Path, help="its file of --record")
    return parser


if __name__ == "__main__":
    sys.exit(main())
