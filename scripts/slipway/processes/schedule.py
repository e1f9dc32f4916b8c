"""Does work in the order of its dependencies, and what is independent at the same time."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from typing import Generic, TypeVar

from plan_review.errors import ExplainedError
from slipway.console.errors import SlipwayError

T = TypeVar("T")
Dependencies = Mapping[str, Collection[str]]


@dataclass(frozen=True)
class Done(Generic[T]):
    """It was done, and gave this."""

    value: T
    seconds: float


@dataclass(frozen=True)
class Failed:
    """It failed with this."""

    error: ExplainedError
    seconds: float


@dataclass(frozen=True)
class Skipped:
    """It was never started, because something that it needs was not done."""

    needs: str


Outcome = Done[T] | Failed | Skipped


async def in_order(
    dependencies: Dependencies, work: Callable[[str], Awaitable[T]], *, at_once: int
) -> dict[str, Outcome[T]]:
    """Work on each name once all that it depends on are done; how each came out, in that order.

    What fails with an ExplainedError keeps its dependents from starting, and nothing else. Any other
    exception, or a cancellation, cancels all that runs. at_once: how many may run at the same time.
    """
    order = sorted_by_dependency(dependencies)
    free = asyncio.Semaphore(at_once)
    tasks: dict[str, asyncio.Task[Outcome[T]]] = {}

    async def one(name: str) -> Outcome[T]:
        for needed in dependencies[name]:
            if not isinstance(await asyncio.shield(tasks[needed]), Done):
                return Skipped(needed)
        async with free:
            return await _timed(work(name))

    async with asyncio.TaskGroup() as group:
        for name in order:
            tasks[name] = group.create_task(one(name), name=name)
    return {name: tasks[name].result() for name in order}


def sorted_by_dependency(dependencies: Dependencies) -> tuple[str, ...]:
    """The names, each after all that it depends on."""
    unknown = {needed for dependency in dependencies.values() for needed in dependency} - dependencies.keys()
    if unknown:
        raise SlipwayError(f"stacks are needed that are not there: {', '.join(sorted(unknown))}")
    try:
        return tuple(TopologicalSorter(dependencies).static_order())
    except CycleError as error:
        raise SlipwayError(f"stacks depend on each other in a circle: {' → '.join(error.args[1])}") from error


def reversed_dependencies(dependencies: Dependencies) -> dict[str, tuple[str, ...]]:
    """The same with every arrow turned round: the order in which things are taken down."""
    return {
        name: tuple(dependency for dependency in dependencies if name in dependencies[dependency])
        for name in dependencies
    }


async def _timed(work: Awaitable[T]) -> Outcome[T]:
    started = time.monotonic()
    try:
        return Done(await work, time.monotonic() - started)
    except ExplainedError as error:
        return Failed(error, time.monotonic() - started)
