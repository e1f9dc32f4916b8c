"""Scaling policies that read back as they were made.

AWS (Auto Scaling, API_ScalingPolicy) says that a policy is enabled, and says nothing of predictive
scaling where there is none. moto leaves out the one and answers an empty structure for the other, which
Terraform takes for a change.
"""

from collections.abc import Callable

from moto.autoscaling.models import FakeScalingPolicy

from slipway.emulator.gaps.patching import wrap


def fill() -> None:
    """Adds it to moto."""
    wrap(FakeScalingPolicy, "__init__", _as_aws_answers)


def _as_aws_answers(original: Callable[..., None]) -> Callable[..., None]:
    def make(self: FakeScalingPolicy, *args: object, **kwargs: object) -> None:
        original(self, *args, **kwargs)
        predictive = self.predictive_scaling_configuration or None
        vars(self).update(enabled=True, predictive_scaling_configuration=predictive)

    return make
