"""The settings of a target group: health checks and draining."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class TargetGroupSettings:
    """Times in seconds. healthy, unhealthy: how many checks in a row change the state."""

    name: str
    health_path: str
    interval: int
    timeout: int
    healthy: int
    unhealthy: int
    deregistration_delay: int
