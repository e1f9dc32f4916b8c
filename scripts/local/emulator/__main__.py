"""``python -m local.emulator``: the emulated AWS in a process of its own.

``serve`` ends when its standard input does: whoever started it holds the other end of a pipe, and however
that process dies, the pipe closes. A line ``keep`` on it lets the emulator live on until ``stop``.
Exit codes: 0 ended as told, 1 could not serve or stop, 2 wrong use.
"""

import argparse
import os
import signal
import sys
from dataclasses import replace
from pathlib import Path
from typing import IO, NoReturn

from local.emulator import pid_file
from slipway.console.errors import SlipwayError

KEEP = b"keep\n"
MOTO = {"MOTO_IAM_LOAD_MANAGED_POLICIES": "true", "MOTO_ACM_VALIDATION_WAIT": "0"}


def main(arguments: list[str] | None = None) -> int:
    """Serves or stops; the exit code."""
    options = _parser().parse_args(arguments)
    try:
        if options.command == "serve":
            serve(options)
        stopped = pid_file.stop(options.record)
    except SlipwayError as problem:
        sys.stderr.write(f"{problem}\n")
        return problem.exit_code
    sys.stdout.write("stopped\n" if stopped else f"nothing is running that says so in {options.record}\n")
    return 0


def serve(options: argparse.Namespace) -> NoReturn:
    """Serves until told to end, and ends the process."""
    _leave_when_told(None)
    _prepare_for_moto(options.account)
    endpoint = _start(options)
    sys.stdout.write(f"{endpoint}\n")
    sys.stdout.flush()
    here = pid_file.PidFile(os.getpid(), endpoint, options.account)
    locks = [_announce(options.record, here)]
    if KEEP not in sys.stdin.buffer:  # it has ended
        _leave(options.record)
    locks.append(_announce(options.record, replace(here, kept=True)))
    while True:
        signal.pause()


def _start(options: argparse.Namespace) -> str:
    """Serves from now on; the endpoint."""
    from local.emulator import existing, gaps, server  # noqa: PLC0415 - moto reads its settings here
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
    """Writes the record, if one is wanted; its lock, to hold on to."""
    if path is None:
        return None
    _leave_when_told(path)
    return pid_file.publish(path, here)


def _leave_when_told(written: Path | None) -> None:
    """Lets the signals that ask a process to end do so, quietly."""
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda _number, _frame: _leave(written))


def _leave(written: Path | None) -> NoReturn:
    """Ends at once, whatever is still being answered; its lock goes with the process."""
    if written:
        written.unlink(missing_ok=True)
    os._exit(0)


def _prepare_for_moto(account: str) -> None:
    """Leaves in the environment nothing that moto, or the boto3 inside it, would take for its own."""
    for name in [each for each in os.environ if each.startswith(("AWS_", "MOTO_"))]:
        del os.environ[name]
    os.environ.update({**MOTO, "MOTO_ACCOUNT_ID": account})


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m local.emulator", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    serving = commands.add_parser("serve", help="serve until standard input ends")
    serving.add_argument("--account", required=True, help="the AWS account to be, 12 digits")
    serving.add_argument("--record", type=Path, help="a file to write once it serves, for stop")
    serving.add_argument("--calls", type=Path, help="a file in which to record each call")
    serving.add_argument(
        "--findings", type=Path, help="be as strict as AWS; a file for what AWS's models do not know"
    )
    serving.add_argument(
        "--iam-delays",
        type=int,
        metavar="SEED",
        help="what is made in IAM is there for others only after some calls",
    )
    serving.add_argument("--existing", action="append", default=[], metavar="ARN", help="have it already")
    serving.add_argument(
        "--without",
        action="append",
        default=[],
        metavar="GAP",
        help="leave moto as it is in this; for our tests",
    )
    stopping = commands.add_parser("stop", help="stop one that was kept")
    stopping.add_argument("record", type=Path, help="the file that it wrote")
    return parser


if __name__ == "__main__":
    sys.exit(main())
