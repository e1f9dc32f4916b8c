"""What a demo tells of the stacks that it has applied."""

from pathlib import Path

from local.demo.report import Report, StackReport, outputs
from slipway.terraform.events import Counted
from slipway.terraform.workspace import Result


def report() -> Report:
    """Two stacks: one with outputs of two lengths, one without any."""
    foundation = Result(Counted("apply", added=3), {"url": "http://a", "repository": "b"})
    prod = Result(Counted("apply", added=4), {})
    stacks = (StackReport("foundation", foundation, 1.0), StackReport("prod", prod, 2.0))
    return Report(Path(), {}, stacks, 3.0)


def test_outputs_are_shown_below_their_stack_in_columns() -> None:
    assert outputs(report()) == [
        "foundation",
        "  url        = http://a",
        "  repository = b",
        "",
        "prod",
        "",
    ]


def test_the_resources_of_all_stacks_are_counted() -> None:
    assert report().resources == 7
