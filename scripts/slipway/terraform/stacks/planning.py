"""Plans stacks in parallel, without a lock, and removes the plan files, which contain secrets."""

import asyncio
from dataclasses import dataclass

from plan_review import plan_reader
from plan_review.cdktf_stack import STACK_FILE, parse
from plan_review.counts import count
from plan_review.plan import Plan
from slipway.terraform.commands import PLAN_FILE
from slipway.terraform.stacks.engine import Engine, require_all_done, values
from slipway.terraform.stacks.manifest import SynthesisedStack


@dataclass(frozen=True)
class Planning:
    """Plans the engine's stacks; only what a review may show is kept of the plans."""

    engine: Engine

    async def all(self) -> tuple[Plan, ...]:
        """Plan every stack; the plans are in the stacks' order. Raises SlipwayError if one fails."""
        order: dict[str, tuple[str, ...]] = {stack.name: () for stack in self.engine.stacks}
        outcomes = await self.engine.each(order, self._one, words)
        require_all_done(outcomes)
        found = values(outcomes)
        return tuple(found[stack.name] for stack in self.engine.stacks)

    async def _one(self, stack: SynthesisedStack) -> Plan:
        workspace = await self.engine.init(stack)
        self.engine.progress.begin(stack.name, "planning")
        try:
            text = await workspace.plan()
        finally:
            (stack.directory / PLAN_FILE).unlink(missing_ok=True)
        return await asyncio.to_thread(_read, stack, text)


def _read(stack: SynthesisedStack, text: str) -> Plan:
    """Read the plan's JSON text and mask its secrets."""
    made_from = parse((stack.directory / STACK_FILE).read_text(encoding="utf-8"))
    return plan_reader.read(text, stack=stack.name, synthesised=made_from)


def words(plan: Plan) -> str:
    """Describe how many resources a plan would change, or import."""
    counts = count(plan)
    if counts.imported:
        return counts.words
    changes = sum(not change.nothing for change in plan.changes)
    return f"{changes} to change" if changes else "nothing to change"
