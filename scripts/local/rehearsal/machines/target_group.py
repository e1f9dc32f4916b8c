"""What a target group says of its health checks, and of draining."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class TargetGroupSettings:
    """Times in seconds. healthy, unhealthy: how many checks in a row make it so."""

    name: str
    health_path: str
    interval: int
    timeout: int
    healthy: int
    unhealthy: int
    deregistration_delay: int
