"""The downtime of a host lies between the last answer of the old release and the first of the new one."""

from local.rehearsal.downtime import Watch
from local.rehearsal.load_generator import Answer

FAILED = Answer(at=2.0, seconds=0.1, failure="ConnectionRefusedError")


def watch(*answers: Answer) -> Watch:
    return Watch([FAILED, *answers])


def test_it_counts_from_end_to_end_whatever_was_answered_before_and_after() -> None:
    old = [Answer(at, 0.1, "old") for at in (0.0, 1.0)]
    new = [Answer(at, 0.2, "new") for at in (2.4, 3.0)]
    assert watch(*old, *new).downtime("old", "new") == 1.5


def test_there_is_none_unless_both_have_answered() -> None:
    assert watch(Answer(0.0, 0.1, "old")).downtime("old", "new") is None
    assert watch(Answer(0.0, 0.1, "new")).downtime("old", "new") is None
