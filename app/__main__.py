"""Starts the service: ``python -m app``.

Exits 0 after SIGTERM or Ctrl-C, 2 if its configuration is invalid, 3 if it cannot listen on its port.
"""

import os
import signal
import sys
from types import FrameType

from app import faults, logs
from app.config import Config, ConfigError
from app.server import GracefulServer

WRONG_CONFIGURATION = 2


def main() -> int:
    """Serve until the process receives SIGTERM or SIGINT; return the exit code."""
    # The first process of a container has no default signal actions: without a handler SIGTERM does nothing.
    signal.signal(signal.SIGTERM, stop_before_serving)
    try:
        config = Config.from_environment(os.environ)
    except ConfigError as error:
        sys.stderr.write(f"{error}\n")
        return WRONG_CONFIGURATION
    logs.configure(config.log_level)
    faults.misbehave_before_serving(config.faults)
    GracefulServer(config).run()
    return 0


def stop_before_serving(_signal: int, _frame: FrameType | None) -> None:
    """Exit at once: before the server runs, there are no requests to finish."""
    sys.exit(0)


if __name__ == "__main__":
    sys.exit(main())
