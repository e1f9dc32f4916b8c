"""Runs Terraform for all stacks: in the order of their dependencies, independent ones in parallel."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from plan_review.errors import ExplainedError
from slipway.console.errors import SlipwayError
from slipway.processes.schedule import Dependencies, Done, Failed, Outcome, Skipped, in_order
from slipway.terraform.progress.board import Progress, State
from slipway.terraform.stacks.manifest import SynthesisedStack, dependencies
from slipway.terraform.workspace import Result, Workspace

T = TypeVar("T")

AT_ONCE = 4  # stacks; each runs a Terraform and a provider of half a gigabyte


@dataclass(frozen=True)
class Engine:
    """Runs Terraform for stacks, and shows the progress.

    lock_timeout: seconds to wait for a state's lock. Default: 0. at_once: stacks in parallel. Default: 4.
    """

    stacks: tuple[SynthesisedStack, ...]
    environment: Mapping[str, str]
    progress: Progress
    lock_timeout: int = 0
    at_once: int = AT_ONCE
    # The plugin cache does not support concurrent inits.
    _one_init: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def apply(self) -> dict[str, Outcome[Result]]:
        """Initialise and apply every stack, each after the stacks that it depends on."""
        return await self.each(dependencies(self.stacks), self.apply_one, words_of_apply)

    async def check(self) -> dict[str, Outcome[tuple[str, ...]]]:
        """Plan every stack again, in any order. Returns what each would change."""
        return await self.each({stack.name: () for stack in self.stacks}, self._check, words_of_check)

    async def each(
        self, order: Dependencies, work: Callable[[SynthesisedStack], Awaitable[T]], words: Callable[[T], str]
    ) -> dict[str, Outcome[T]]:
        """Call ``work`` for every stack in the given order. words: describes a result for the progress."""
        by_name = {stack.name: stack for stack in self.stacks}

        async def shown(name: str) -> T:
            try:
                value = await work(by_name[name])
            except ExplainedError:
                self.progress.end(name, State.FAILED, "failed")
                raise
            except asyncio.CancelledError:
                self.progress.end(name, State.FAILED, "interrupted")
                raise
            self.progress.end(name, State.DONE, words(value))
            return value

        outcomes = await in_order(order, shown, at_once=self.at_once)
        for name, outcome in outcomes.items():
            if isinstance(outcome, Skipped):
                self.progress.end(name, State.SKIPPED, f"not started: depends on {outcome.needs}")
        return outcomes

    def workspace(self, stack: SynthesisedStack) -> Workspace:
        """The stack's workspace, whose events are shown."""
        return Workspace(
            stack.directory,
            self.environment,
            lambda event: self.progress.event(stack.name, event),
            self.lock_timeout,
        )

    async def init(self, stack: SynthesisedStack) -> Workspace:
        """Initialise the stack's workspace, one stack at a time."""
        workspace = self.workspace(stack)
        async with self._one_init:
            self.progress.begin(stack.name, "initialising")
            await workspace.init()
        return workspace

    async def apply_one(self, stack: SynthesisedStack) -> Result:
        """Initialise and apply one stack. Raises SlipwayError if Terraform fails."""
        workspace = await self.init(stack)
        self.progress.begin(stack.name, "applying")
        return await workspace.apply()

    async def _check(self, stack: SynthesisedStack) -> tuple[str, ...]:
        self.progress.begin(stack.name, "planning again")
        return await self.workspace(stack).check()


def words_of_apply(result: Result) -> str:
    """Describe what an apply changed."""
    count = result.counted
    return f"{count.added} added, {count.changed} changed, {count.removed} destroyed"


def words_of_check(differences: tuple[str, ...]) -> str:
    """Describe how many resources a plan would change."""
    return f"{len(differences)} to change" if differences else "nothing to change"


def require_all_done(outcomes: Mapping[str, Outcome[T]]) -> None:
    """Raise SlipwayError if a stack failed; it says how each failed, and which were not started."""
    failed = {name: outcome.error for name, outcome in outcomes.items() if isinstance(outcome, Failed)}
    if not failed:
        return
    skipped = [name for name, outcome in outcomes.items() if isinstance(outcome, Skipped)]
    not_started = f"; not started: {', '.join(skipped)}" if skipped else ""
    raise SlipwayError(
        f"{len(failed)} of {len(outcomes)} stacks failed: {', '.join(failed)}{not_started}",
        why="\n\n".join(f"{name}: {error}" for name, error in failed.items()),
    )


def values(outcomes: Mapping[str, Outcome[T]]) -> dict[str, T]:
    """The results of the stacks that succeeded, by name."""
    return {name: outcome.value for name, outcome in outcomes.items() if isinstance(outcome, Done)}
