"""The ``slipway`` command: its entry point, and the place where errors become messages.

Exit codes: 0 done, 1 failed, 2 wrong settings or usage, 130 interrupted.
"""

import sys

from slipway import console
from slipway.cli import surroundings
from slipway.console.errors import INTERRUPTED
from slipway.processes.signals import interruptible


def main() -> None:
    """Run the command line. Exits the process unless the command succeeds."""
    try:
        with interruptible():
            surroundings.prepare()
            from slipway.cli import app  # imported here, so that Ctrl-C is handled while it loads

            app.app(prog_name="slipway")
    except KeyboardInterrupt:
        console.message("interrupted; nothing was started yet")
        sys.exit(INTERRUPTED)
    except SystemExit as end:
        if end.code == INTERRUPTED:
            console.message("interrupted; everything that was started here is stopped")
        raise
    except Exception as error:
        from slipway.cli.failures import explained  # slow to load, and not needed by `--help`

        known = explained(error)
        if known is None:
            raise
        if isinstance(error, OSError):
            surroundings.give_up_output()
        if known.exit_code == INTERRUPTED:
            console.message(str(known))
        else:
            console.error(known)
        sys.exit(known.exit_code)
