"""Which integration tests stay on one worker, which begin first, and which come after others."""

from pathlib import PurePath

import pytest
from xdist.scheduler import LoadScopeScheduling

STAGES = ("applied_pipeline", "released_pipeline", "destroyed_pipeline")
"""Fixtures, each of which changes what the one before it made: whoever asks for a later one runs later."""

TOGETHER = {
    "test_adopt_search": "applied pipeline",
    "test_looking": "applied pipeline",
    "test_review_golden": "applied pipeline",
    "test_whole_pipeline": "applied pipeline",
}
"""Files that share what is made once for all of them: each worker would make one of its own."""

APART = ("test_rehearsal",)
"""Files whose tests share nothing."""

LONGEST_FIRST = (
    "applied pipeline",
    "test_existing_account",
    "test_adopt",
    "test_rehearsal_faults",
    "test_a_release_a_broken_one_and_the_ways_back_go_as_they_have_to",
    "test_account_rehearsal",
    "test_interrupted_it_leaves_nothing_behind",
    "test_cdktf",
    "test_review_plans",
    "test_without_tooling",
    "test_other_jsii",
    "test_plans",
    "test_emulator",
    "test_destroy",
    "test_rehearsal_two_services",
    "test_rehearsal_engine",
    "test_demo",
    "test_plan",
)
"""Groups that take minutes: begun late, one would be what everybody waits for."""


class ByGroup(LoadScopeScheduling):  # type: ignore[misc] # xdist has no types
    """Hands out group by group, in the order in which they were collected.

    (xdist's own ``loadgroup`` sees no groups with pytest 9.2: it writes them into an id that is not read.)
    """

    def _split_scope(self, nodeid: str) -> str:
        return group(nodeid)


def group(nodeid: str) -> str:
    """What a test stays together with: its file, unless TOGETHER or APART says otherwise."""
    path, _, test = nodeid.partition("::")
    file = PurePath(path).stem
    return test.partition("[")[0] if file in APART else TOGETHER.get(file, path)


def key(item: pytest.Item) -> tuple[int, int, str]:
    """What tests are sorted by: unit tests come last, because integration tests wait more than they work."""
    return _rank(item), _stage(item), str(item.path)


def _rank(item: pytest.Item) -> int:
    short = PurePath(group(item.nodeid)).stem
    if short in LONGEST_FIRST:
        return LONGEST_FIRST.index(short)
    return len(LONGEST_FIRST) + (item.get_closest_marker("integration") is None)


def _stage(item: pytest.Item) -> int:
    needed = getattr(item, "fixturenames", ())
    return max((number for number, name in enumerate(STAGES, start=1) if name in needed), default=0)
