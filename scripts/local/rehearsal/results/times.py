"""Computes the durations of a rehearsal in which every step was run."""

from local.rehearsal.results.record import BuildRecord, RehearsalRecord
from local.rehearsal.steps import BACK, BROKEN, FIRST, GOOD, TIME_UP


def times(record: RehearsalRecord, cold: BuildRecord, warm: BuildRecord) -> dict[str, float | None]:
    """Seconds by name. cold, warm: the builds with an empty and with a filled layer cache."""
    steps = {step.title: step for step in record.steps}
    first, good, broken, time_up, back = (steps[title] for title in (FIRST, GOOD, BROKEN, TIME_UP, BACK))
    forward, rollback = good.deployments[0], back.deployments[0]
    return {
        "build_cold_seconds": cold.seconds,
        "build_warm_seconds": warm.seconds,
        "push_seconds": cold.push_seconds,
        "push_warm_seconds": warm.push_seconds,
        "downtime_seconds": good.downtime_seconds,
        "first_deployment_seconds": first.deployments[0].seconds,
        "deployment_seconds": forward.seconds,
        "deployment_seconds_without_draining": forward.seconds_without_draining,
        "deployment_seconds_without_load_balancer": forward.seconds_without_load_balancer,
        "automatic_rollback_seconds": broken.deployments[-1].seconds,
        **{
            f"agent_{deployment.agent}_ended_hook_seconds": deployment.hosts[0].events[-1].seconds
            for deployment in time_up.deployments
            if not deployment.rollback_of
        },
        "rollback_command_seconds": back.command_seconds,
        "rollback_seconds": rollback.seconds,
        "rollback_seconds_without_draining": rollback.seconds_without_draining,
        "rollback_seconds_without_load_balancer": rollback.seconds_without_load_balancer,
    }
