"""Progress on a terminal: what a drawn board shows."""

import io

from rich.console import Console

from slipway.terraform.events import Completed, Counted, Started
from slipway.terraform.progress.board import State
from slipway.terraform.progress.live import LiveProgress


def drawn(progress: LiveProgress) -> list[str]:
    console = Console(file=io.StringIO(), width=100, color_system=None)
    with console.capture() as capture:
        console.print(progress.draw())
    return capture.get().splitlines()


def test_every_stack_has_its_line_with_count_and_what_is_being_made() -> None:
    progress = LiveProgress(["foundation", "prod", "delivery"], Console(file=io.StringIO()))
    progress.begin("foundation", "applying")
    progress.end("foundation", State.DONE, "19 added")
    progress.begin("prod", "applying")
    progress.event("prod", Counted("plan", added=78))
    progress.event("prod", Started("aws_vpc.v", "create"))
    progress.event("prod", Completed("aws_vpc.v", "create", 1))
    progress.event("prod", Started("aws_lb.l", "create"))
    foundation, prod, delivery = drawn(progress)
    assert foundation.startswith("✓ foundation")
    assert foundation.rstrip().endswith("19 added")
    assert " 1/78 " in prod
    assert prod.rstrip().endswith("aws_lb.l (0 s)")
    assert delivery.startswith("· delivery")
    assert delivery.rstrip().endswith("waiting")


def test_a_narrow_terminal_still_shows_one_line_a_stack() -> None:
    progress = LiveProgress(["prod"], Console(file=io.StringIO()))
    progress.begin("prod", "applying " + "x" * 300)
    assert len(drawn(progress)) == 1
