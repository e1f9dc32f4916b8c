"""A deployment on one host without a load balancer: its agent runs event after event."""

from dataclasses import dataclass

from local.rehearsal.codedeploy_agent.agent import (
    FAILED,
    ORDER,
    SKIPPED,
    SUCCEEDED,
    Agent,
    DeploymentSpecification,
    HookFailed,
)


@dataclass(frozen=True)
class EventResult:
    """How a lifecycle event ended. message: why it failed. log: the end of it, as the console shows."""

    name: str
    status: str
    message: str = ""
    log: str = ""


@dataclass(frozen=True)
class Ended:
    """How a deployment ended on a host."""

    events: tuple[EventResult, ...]

    @property
    def status(self) -> str:
        """Failed if any event did."""
        return FAILED if self.failed else SUCCEEDED

    @property
    def failed(self) -> EventResult | None:
        """The event that failed, if one did; whatever comes after it was skipped."""
        return next((event for event in self.events if event.status == FAILED), None)


async def deploy(agent: Agent, deployment: DeploymentSpecification) -> Ended:
    """Go through the events in their order; one that fails skips those that come after it."""
    events: list[EventResult] = []
    for name in ORDER:
        over = any(event.status == FAILED for event in events)
        events.append(EventResult(name, SKIPPED) if over else await _run(agent, name, deployment))
    return Ended(tuple(events))


async def _run(agent: Agent, name: str, deployment: DeploymentSpecification) -> EventResult:
    if name in ("BlockTraffic", "AllowTraffic"):
        return EventResult(name, SUCCEEDED)
    try:
        return EventResult(name, SUCCEEDED, log=await agent.run_event(name, deployment))
    except HookFailed as error:
        return EventResult(name, FAILED, error.message, error.log)


def require_success(ended: Ended) -> None:
    """Raise what the console would show, if a deployment failed."""
    if event := ended.failed:
        raise HookFailed(event.name, event.message, event.log)
