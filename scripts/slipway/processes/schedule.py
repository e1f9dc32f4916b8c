"""Runs work in the order of its dependencies, and independent work in parallel."""

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
    """The work succeeded. value: its result. seconds: its duration."""

    value: T
    seconds: float


@dataclass(frozen=True)
class Failed:
    """The work failed. seconds: its duration."""

    error: ExplainedError
    seconds: float


@dataclass(frozen=True)
class Skipped:
    """The work was not started. needs: the dependency that was not done."""

    needs: str


Outcome = Done[T] | Failed | Skipped


async def in_order(
    dependencies: Dependencies, work: Callable[[str], Awaitable[T]], *, at_once: int
) -> dict[str, Outcome[T]]:
    """Run ``work`` for each name after its dependencies are done. Returns the outcomes, in that order.

    After an ExplainedError, only the dependents are skipped. Any other exception, or a cancellation, cancels
    all running work. at_once: how many run in parallel.
    """
    order = sorted_by_dependency(dependencies)
    free = asyncio.Semaphore(at_once)
    tasks: dict[str, asyncio.Task[Outcome[T]]] = {}

    async def outcome(name: str) -> Outcome[T]:
        for needed in dependencies[name]:
            if not isinstance(await asyncio.shield(tasks[needed]), Done):
                return Skipped(needed)
        async with free:
            return await _timed(work(name))

    async with asyncio.TaskGroup() as group:
        for name in order:
            tasks[name] = group.create_task(outcome(name), name=name)
    return {name: tasks[name].result() for name in order}


def sorted_by_dependency(dependencies: Dependencies) -> tuple[str, ...]:
    """The names, each after its dependencies. Raises SlipwayError for unknown or circular ones."""
    unknown = {needed for dependency in dependencies.values() for needed in dependency} - dependencies.keys()
    if unknown:
        raise SlipwayError(
            f"stacks depend on stacks that do not exist: {', '.join(sorted(unknown))}",
            then="correct the dependencies in main.py",
        )
    try:
        return tuple(TopologicalSorter(dependencies).static_order())
    except CycleError as error:
        raise SlipwayError(
            f"circular dependency of stacks: {' → '.join(error.args[1])}",
            then="correct the dependencies in main.py",
        ) from error


def reversed_dependencies(dependencies: Dependencies) -> dict[str, tuple[str, ...]]:
    """The dependencies reversed: the order in which stacks are destroyed."""
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
