"""A lifecycle hook that a new host waits at until its first boot has gone well."""

from collections.abc import Sequence

from constructs_lib.deploy_role import SUFFIX
from constructs_lib.place import Place
from constructs_lib.policy import Statement

from cdktf_cdktf_provider_aws.autoscaling_group import AutoscalingGroupInitialLifecycleHook
from cdktf_cdktf_provider_aws.autoscaling_lifecycle_hook import AutoscalingLifecycleHook
from constructs import Construct

LAUNCHING = "autoscaling:EC2_INSTANCE_LAUNCHING"
WAIT_SECONDS = 15 * 60
TIME_IS_UP = "ABANDON"


class LaunchHook(Construct):
    """Keeps a new host in ``Pending:Wait`` until it completes the hook by itself, 15 minutes at most.

    If the time is up, Auto Scaling ends the host and starts another. So a first boot that fails is tried
    again, once in 15 minutes a host
    (docs.aws.amazon.com/autoscaling/ec2/userguide/lifecycle-hooks.html).

    A group that is made anew has to have the hook before its first hosts: give it ``initial_hook`` too. AWS
    provider 5 replaces a group whose initial hook changes (terraform-provider-aws, pull request 34260), so
    the group has to ignore it; this resource, of the same name, brings the hook to groups that are there and
    keeps it as it is said here.

    name: 1 to 255 letters, digits, ``-``, ``_`` and ``/``.
    auto_scaling_group: the group's name.

    >>> hook = LaunchHook(stack, "launch-hook", name="first-boot", auto_scaling_group="my-app-20261129")
    """

    def __init__(self, scope: Construct, id: str, *, name: str, auto_scaling_group: str) -> None:
        super().__init__(scope, id)
        self.name = name
        self.resource = AutoscalingLifecycleHook(
            self,
            "hook",
            name=name,
            autoscaling_group_name=auto_scaling_group,
            lifecycle_transition=LAUNCHING,
            heartbeat_timeout=WAIT_SECONDS,
            default_result=TIME_IS_UP,
        )

    @staticmethod
    def completion(place: Place, name_prefix: str) -> Sequence[Statement]:
        """What a host needs to complete hooks of groups whose name Terraform makes from a prefix."""
        groups = place.arn("autoscaling", f"autoScalingGroup:*:autoScalingGroupName/{name_prefix}-{SUFFIX}")
        return (
            Statement(actions=["autoscaling:CompleteLifecycleAction"], resources=[groups]),
            Statement(
                actions=["autoscaling:DescribeAutoScalingInstances"],
                resources=["*"],
                reason="a host learns its group's name by it; the action takes no resource",
            ),
        )


def initial_hook(name: str) -> AutoscalingGroupInitialLifecycleHook:
    """The same hook, for a group to have from its first host on."""
    return AutoscalingGroupInitialLifecycleHook(
        name=name,
        lifecycle_transition=LAUNCHING,
        heartbeat_timeout=WAIT_SECONDS,
        default_result=TIME_IS_UP,
    )
