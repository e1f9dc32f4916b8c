"""Order, independence and failure, with work that takes no time."""

import asyncio
from collections.abc import Mapping, Sequence

import pytest

from slipway.console.errors import SlipwayError
from slipway.processes.schedule import Done, Failed, Skipped, in_order, reversed_dependencies

CHAIN = {
    "foundation": (),
    "staging": ("foundation",),
    "prod": ("foundation",),
    "delivery": ("staging", "prod"),
}


class Work:
    """Remembers what began, and what had ended by then."""

    def __init__(self, *, failing: Sequence[str] = ()) -> None:
        self.failing = failing
        self.began: dict[str, tuple[str, ...]] = {}
        self.ended: list[str] = []
        self.running = self.most_running = 0

    async def __call__(self, name: str) -> str:
        self.began[name] = tuple(self.ended)
        self.running += 1
        self.most_running = max(self.most_running, self.running)
        await asyncio.sleep(0)
        self.running -= 1
        self.ended.append(name)
        if name in self.failing:
            raise SlipwayError(f"{name} is broken")
        return name.upper()


def outcomes_of(
    work: Work, dependencies: Mapping[str, Sequence[str]] = CHAIN, at_once: int = 9
) -> dict[str, object]:
    outcomes = asyncio.run(in_order(dependencies, work, at_once=at_once))
    simple: dict[str, object] = {}
    for name, outcome in outcomes.items():
        match outcome:
            case Done(value):
                simple[name] = value
            case Failed(error):
                simple[name] = str(error)
            case Skipped(needs):
                simple[name] = f"needs {needs}"
    return simple


def test_each_begins_after_all_that_it_needs() -> None:
    work = Work()
    assert outcomes_of(work) == {name: name.upper() for name in CHAIN}
    assert work.began["foundation"] == ()
    assert work.began["staging"] == work.began["prod"] == ("foundation",)
    assert set(work.began["delivery"]) == {"foundation", "staging", "prod"}


def test_what_is_independent_runs_at_the_same_time() -> None:
    work = Work()
    outcomes_of(work)
    assert work.most_running == 2


def test_no_more_run_at_once_than_may() -> None:
    work = Work()
    outcomes_of(work, {str(n): () for n in range(9)}, at_once=3)
    assert work.most_running == 3


def test_what_needs_a_failed_one_never_begins_and_what_does_not_goes_on() -> None:
    work = Work(failing=["staging"])
    assert outcomes_of(work) == {
        "foundation": "FOUNDATION",
        "staging": "staging is broken",
        "prod": "PROD",
        "delivery": "needs staging",
    }
    assert "delivery" not in work.began


def test_all_that_needs_a_failed_one_is_skipped_however_far() -> None:
    assert outcomes_of(Work(failing=["a"]), {"a": (), "b": ("a",), "c": ("b",)}) == {
        "a": "a is broken",
        "b": "needs a",
        "c": "needs b",
    }


def test_a_bug_is_not_taken_for_a_failure() -> None:
    async def broken(_name: str) -> str:
        raise ZeroDivisionError

    with pytest.raises(ExceptionGroup):
        asyncio.run(in_order({"a": ()}, broken, at_once=1))


def test_reversed_what_is_needed_comes_last() -> None:
    assert reversed_dependencies(CHAIN) == {
        "foundation": ("staging", "prod"),
        "staging": ("delivery",),
        "prod": ("delivery",),
        "delivery": (),
    }


def test_a_circle_is_said() -> None:
    with pytest.raises(SlipwayError, match="circular dependency of stacks: "):
        outcomes_of(Work(), {"a": ("b",), "b": ("a",)})


def test_a_stack_that_is_needed_but_not_there_is_said() -> None:
    with pytest.raises(SlipwayError, match="do not exist: nowhere"):
        outcomes_of(Work(), {"a": ("nowhere",)})
