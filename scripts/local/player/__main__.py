"""``python -m local.player``: acts on the emulated AWS of the environment until interrupted."""

import os
import sys
from contextlib import ExitStack, suppress
from pathlib import Path

from local.emulator.process import EmulatedAws
from local.player.machines import MachineRoom
from local.player.player import Player
from local.rehearsal.machines.docker_engine import require_possible
from local.rehearsal.machines.programs import require
from local.rehearsal.testbed import PROGRAMS
from modules.config.problems import SettingsError
from slipway.aws.clients import ENDPOINT, Aws, is_emulated
from slipway.checkout import project
from slipway.checkout.workdir import claimed
from slipway.console import message
from slipway.console.errors import BAD_USAGE, SlipwayError
from slipway.processes.signals import interruptible

NAME = "player"


def main() -> int:
    """Runs the player until it is interrupted; the exit code."""
    if not is_emulated(os.environ):
        message(
            f"error: {ENDPOINT} is not set to an emulated AWS on this machine; start one: slipway demo --keep"
        )
        return BAD_USAGE
    with interruptible(), suppress(KeyboardInterrupt):
        try:
            play(Path.cwd())
        except SettingsError as error:
            message(f"error: {error}")
            return BAD_USAGE
        except SlipwayError as error:
            message(f"error: {error}")
            return error.exit_code
    return 0


def play(root: Path) -> None:
    """Runs the player for the checkout's rehearsal. Raises SlipwayError if programs or Docker are missing."""
    require(PROGRAMS)
    require_possible()
    found = project.find(root)
    aws = Aws(os.environ.get("AWS_REGION", found.settings.region))
    endpoint = os.environ[ENDPOINT]
    with claimed(found.working, NAME) as working, ExitStack() as up:
        known = EmulatedAws(endpoint, aws.identity.account, aws.region)
        Player(aws, endpoint, message, MachineRoom(known, found.root, working, up)).play()


if __name__ == "__main__":
    sys.exit(main())
