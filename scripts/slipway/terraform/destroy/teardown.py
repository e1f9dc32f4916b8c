"""Plans the destruction of stacks, then applies exactly these plans, in reverse order."""

from collections.abc import Mapping
from dataclasses import dataclass

from slipway.aws.clients import Aws
from slipway.console.errors import SlipwayError
from slipway.processes.schedule import reversed_dependencies
from slipway.terraform.destroy import destroy_plan
from slipway.terraform.destroy.destroy_plan import DestroyPlan
from slipway.terraform.destroy.emptying import empty_bucket, empty_repository
from slipway.terraform.events import Counted
from slipway.terraform.progress.choose import progress
from slipway.terraform.stacks.engine import Engine, require_all_done, values
from slipway.terraform.stacks.manifest import SynthesisedStack, dependencies_among
from slipway.terraform.workspace import Workspace

ATTEMPTS = 3  # late logs may be written to a bucket after it was emptied


@dataclass(frozen=True)
class Teardown:
    """The stacks to destroy. environment: the variables to run Terraform with."""

    aws: Aws
    stacks: tuple[SynthesisedStack, ...]
    environment: Mapping[str, str]

    async def plan(self) -> tuple[DestroyPlan, ...]:
        """Plan each stack's destruction, and keep the plan files."""
        with progress(stack.name for stack in self.stacks) as shown:
            engine = Engine(self.stacks, self.environment, shown)

            async def plan(stack: SynthesisedStack) -> DestroyPlan:
                workspace = await engine.init(stack)
                shown.begin(stack.name, "planning")
                return destroy_plan.read(stack, await workspace.plan_destroy())

            order = {stack.name: () for stack in self.stacks}
            outcomes = await engine.each(order, plan, lambda found: f"{len(found.resources)} to destroy")
        require_all_done(outcomes)
        return tuple(values(outcomes).values())

    async def destroy(self, plans: tuple[DestroyPlan, ...]) -> None:
        """Apply the plans: stacks that depend on others first, independent stacks in parallel."""
        by_name = {plan.stack.name: plan for plan in plans}
        with progress(by_name) as shown:
            engine = Engine(self.stacks, self.environment, shown)

            async def destroy(stack: SynthesisedStack) -> Counted:
                shown.begin(stack.name, "emptying")
                plan = by_name[stack.name]
                await self._empty(plan)
                shown.begin(stack.name, "destroying")
                # Terraform does not report the count of a plan file again.
                shown.event(stack.name, Counted("plan", removed=len(plan.resources)))
                return await self._destroy(engine.workspace(stack), stack)

            order = reversed_dependencies(dependencies_among(self.stacks))
            outcomes = await engine.each(order, destroy, lambda counted: f"{counted.removed} destroyed")
        require_all_done(outcomes)

    async def _destroy(self, workspace: Workspace, stack: SynthesisedStack) -> Counted:
        """Apply the plan. If that fails because a bucket is not empty, empty it and plan the rest."""
        for _ in range(ATTEMPTS - 1):
            try:
                return await workspace.apply_plan()
            except SlipwayError:
                left = destroy_plan.read(stack, await workspace.plan_destroy())
                if not await self._empty(left):
                    raise
        return await workspace.apply_plan()

    async def _empty(self, plan: DestroyPlan) -> int:
        """Empty the plan's buckets and repositories. Returns the number of deleted versions and images."""
        removed = 0
        for name in plan.buckets:
            removed += await empty_bucket(self.aws.s3, name)
        for name in plan.repositories:
            removed += await empty_repository(self.aws.ecr, name)
        return removed
