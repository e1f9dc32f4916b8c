"""Permissions that the checkout's modules print. They load constructs, so they run in another process."""

import json
import os
import sys
from typing import Any

from slipway.checkout.project import Project
from slipway.console.errors import SlipwayError
from slipway.processes import interruption
from slipway.processes.program import Program, run


def printed(found: Project, module: str) -> Any:  # noqa: ANN401 - what a module prints as JSON
    """What ``python -m`` a module of the checkout prints. Raises SlipwayError if it fails."""
    program = Program((sys.executable, "-m", module), found.root, dict(os.environ))
    lines: list[str] = []
    finished = interruption.run(run(program, lines.append))
    if finished.exit_code:
        raise SlipwayError(
            "the permissions could not be listed",
            why=finished.error.strip()[-2000:],
            then="correct main.py or pipeline.toml, then run the command again",
        )
    return json.loads("".join(lines))
