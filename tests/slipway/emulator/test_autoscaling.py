"""Gap: scaling policies read back as they were made."""

from tests.slipway.emulator.clients import Clients
from tests.slipway.emulator.hosts import make_group


def test_a_target_tracking_policy_is_enabled_and_predicts_nothing(beyond_moto: Clients) -> None:
    make_group(beyond_moto, "tracking")
    autoscaling = beyond_moto.untyped("autoscaling")
    autoscaling.put_scaling_policy(
        AutoScalingGroupName="tracking",
        PolicyName="cpu",
        PolicyType="TargetTrackingScaling",
        TargetTrackingConfiguration={
            "PredefinedMetricSpecification": {"PredefinedMetricType": "ASGAverageCPUUtilization"},
            "TargetValue": 50.0,
        },
    )
    (policy,) = autoscaling.describe_policies(AutoScalingGroupName="tracking")["ScalingPolicies"]
    assert policy["Enabled"] is True
    assert "PredictiveScalingConfiguration" not in policy
