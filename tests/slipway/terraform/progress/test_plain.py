"""Progress where output is not a terminal: what is said, and how seldom."""

from slipway.terraform.events import (
    Completed,
    Counted,
    Errored,
    Planned,
    Progressed,
    Refreshing,
    Started,
)
from slipway.terraform.progress.board import State
from slipway.terraform.progress.plain import PlainProgress


class Reader:
    """Reads the lines that were written; its clock stands still until it is moved."""

    def __init__(self) -> None:
        self.now = 100.0
        self.lines: list[str] = []
        self.progress = PlainProgress(["prod", "foundation"], write=self.lines.append, clock=lambda: self.now)


def test_the_beginning_the_count_and_the_end_of_a_stack_are_said() -> None:
    reader = Reader()
    reader.progress.begin("prod", "applying")
    reader.progress.event("prod", Planned("aws_lb.x", "create"))
    reader.progress.event("prod", Counted("plan", added=1))
    reader.progress.event("prod", Started("aws_lb.x", "create"))
    reader.now += 61
    reader.progress.event("prod", Completed("aws_lb.x", "create", 61))
    reader.progress.end("prod", State.DONE, "1 added")
    assert reader.lines == [
        "prod        applying",
        "prod        applying: 1 resources",
        "prod        1 of 1, now applying",
        "prod        1 added (61 s)",
    ]


def test_a_busy_stack_speaks_every_ten_seconds_and_names_what_takes_longest() -> None:
    reader = Reader()
    reader.progress.begin("prod", "applying")
    reader.progress.event("prod", Counted("plan", added=100))
    reader.progress.event("prod", Started("aws_lb.slow", "create"))
    for number in range(21):
        reader.now += 1
        reader.progress.event("prod", Started(f"aws_x.{number}", "create"))
        reader.progress.event("prod", Completed(f"aws_x.{number}", "create", 0))
    assert reader.lines[2:] == [
        "prod        9 of 100, now aws_lb.slow (10 s) and 1 more",
        "prod        19 of 100, now aws_lb.slow (20 s) and 1 more",
    ]


def test_a_stack_that_was_never_begun_took_no_time() -> None:
    reader = Reader()
    reader.progress.end("prod", State.SKIPPED, "not started: depends on foundation")
    assert reader.lines == ["prod        not started: depends on foundation"]


def test_a_stack_that_waits_for_one_resource_speaks_too() -> None:
    reader = Reader()
    reader.progress.begin("prod", "applying")
    reader.progress.event("prod", Counted("plan", added=1))
    reader.progress.event("prod", Started("aws_lb.slow", "create"))
    reader.now += 10
    reader.progress.event("prod", Progressed("aws_lb.slow", "create", 10))
    assert reader.lines[-1] == "prod        0 of 1, now aws_lb.slow (10 s)"


def test_nothing_is_said_of_progress_until_the_plan_has_counted() -> None:
    reader = Reader()
    reader.progress.begin("prod", "applying")
    for number in range(3):
        reader.now += 20
        reader.progress.event("prod", Planned(f"aws_x.{number}", "create"))
    assert reader.lines == ["prod        applying"]


def test_data_that_is_read_is_not_counted_as_made() -> None:
    reader = Reader()
    reader.progress.begin("prod", "applying")
    reader.progress.event("prod", Counted("plan", added=1))
    reader.progress.event("prod", Started("data.aws_x.y", "read"))
    reader.progress.event("prod", Completed("data.aws_x.y", "read", 0))
    assert reader.progress.tracks["prod"].done == 0


def test_a_failed_resource_is_neither_done_nor_running() -> None:
    reader = Reader()
    reader.progress.begin("prod", "applying")
    reader.progress.event("prod", Started("aws_x.y", "create"))
    reader.progress.event("prod", Errored("aws_x.y", "create", 1))
    track = reader.progress.tracks["prod"]
    assert (track.done, track.running) == (0, {})


def test_what_was_read_before_does_not_name_what_is_done_then() -> None:
    reader = Reader()
    reader.progress.begin("prod", "planning")
    reader.progress.event("prod", Refreshing("aws_x.y"))
    assert reader.progress.tracks["prod"].words(reader.now) == "reading aws_x.y"
    reader.progress.event("prod", Counted("plan", removed=9))
    assert reader.lines[-1] == "prod        planning: 9 resources"
