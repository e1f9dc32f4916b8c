"""Commands are typed as an operator types them: in a process of their own, where pipeline.toml is."""

import asyncio
import os
from pathlib import Path

from local.rehearsal.slipway_command import CommandResult, run_slipway

ROOT = Path(__file__).parents[3]


def typed(*arguments: str) -> CommandResult:
    return asyncio.run(run_slipway(ROOT, os.environ, *arguments))


def test_what_a_command_says_and_how_it_ends_is_known() -> None:
    done = typed("rollback", "--help")
    assert done.exit_code == 0
    assert "slipway rollback --env prod" in done.said


def test_a_command_that_fails_says_so() -> None:
    done = typed("no-such-command")
    assert done.exit_code == 2
    assert "no-such-command" in done.said
