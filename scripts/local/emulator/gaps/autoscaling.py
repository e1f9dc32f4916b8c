"""Scaling policies and groups read back as they were created.

AWS returns that a policy is enabled, and no predictive scaling if there is none (Auto Scaling,
API_ScalingPolicy). moto leaves out the first and returns an empty structure for the second, which Terraform
takes for a change.

A group keeps its default instance warm-up (API_CreateAutoScalingGroup), which moto drops.
"""

from collections.abc import Callable

from moto.autoscaling.models import FakeScalingPolicy
from moto.autoscaling.responses import AutoScalingResponse
from moto.core.responses import ActionResult

from local.emulator.gaps.patching import wrap


def fill() -> None:
    """Patches moto's scaling policies and groups."""
    wrap(FakeScalingPolicy, "__init__", _as_aws_answers)
    wrap(AutoScalingResponse, "create_auto_scaling_group", _with_warmup)
    wrap(AutoScalingResponse, "update_auto_scaling_group", _with_warmup)


def _as_aws_answers(original: Callable[..., None]) -> Callable[..., None]:
    def make(self: FakeScalingPolicy, *args: object, **kwargs: object) -> None:
        original(self, *args, **kwargs)
        predictive = self.predictive_scaling_configuration or None
        vars(self).update(enabled=True, predictive_scaling_configuration=predictive)

    return make


def _with_warmup(original: Callable[[AutoScalingResponse], ActionResult]) -> Callable[..., ActionResult]:
    def answer(self: AutoScalingResponse) -> ActionResult:
        answered = original(self)
        seconds = self._get_int_param("DefaultInstanceWarmup")
        if seconds is not None:
            name = self._get_param("AutoScalingGroupName")
            vars(self.autoscaling_backend.autoscaling_groups[name])["default_instance_warmup"] = seconds
        return answered

    return answer
