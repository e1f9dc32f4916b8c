"""``python -m local.player``: plays at the emulated AWS that the environment names, until interrupted."""

import os
import sys
from contextlib import suppress

from local.player.player import Player
from slipway.aws.clients import ENDPOINT, Aws, is_emulated
from slipway.console import message
from slipway.processes.signals import interruptible


def main() -> int:
    """Plays until it is interrupted; the exit code."""
    if not is_emulated(os.environ):
        message(f"error: {ENDPOINT} names no AWS emulated on this machine; slipway demo --keep starts one")
        return 2
    region = os.environ.get("AWS_REGION", "")
    with interruptible(), suppress(KeyboardInterrupt):
        Player(Aws(region), os.environ[ENDPOINT], message).play()
    return 0


if __name__ == "__main__":
    sys.exit(main())
