"""Gap: scaling policies and groups read back as they were made."""

from tests.local.emulator.clients import Clients
from tests.local.emulator.hosts import make_group


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


def test_a_group_keeps_its_default_instance_warmup(beyond_moto: Clients) -> None:
    make_group(beyond_moto, "warming")
    autoscaling = beyond_moto.untyped("autoscaling")
    autoscaling.update_auto_scaling_group(AutoScalingGroupName="warming", DefaultInstanceWarmup=300)
    autoscaling.update_auto_scaling_group(AutoScalingGroupName="warming", MaxSize=4)

    (group,) = autoscaling.describe_auto_scaling_groups(AutoScalingGroupNames=["warming"])[
        "AutoScalingGroups"
    ]
    assert group["DefaultInstanceWarmup"] == 300
