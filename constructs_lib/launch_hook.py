"""An Auto Scaling lifecycle hook that a new host waits at until its first boot has succeeded."""

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
    """Keeps a new host in ``Pending:Wait`` until the host completes the hook, for at most 15 minutes.

    When the time is up, Auto Scaling terminates the host and starts another, so a failed first boot is
    retried every 15 minutes (docs.aws.amazon.com/autoscaling/ec2/userguide/lifecycle-hooks.html).

    A new group needs the hook before its first hosts: also pass it ``initial_hook``. AWS provider 5
    replaces a group whose initial hook changes (terraform-provider-aws, pull request 34260), so the group
    ignores changes of it. This resource, with the same name, adds the hook to existing groups and keeps
    its settings.

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
        """The statements that let a host complete hooks of groups whose names begin with ``name_prefix``.

        place: the account and region of the groups.
        """
        groups = place.arn("autoscaling", f"autoScalingGroup:*:autoScalingGroupName/{name_prefix}-{SUFFIX}")
        return (
            Statement(actions=["autoscaling:CompleteLifecycleAction"], resources=[groups]),
            Statement(
                actions=["autoscaling:DescribeAutoScalingInstances"],
                resources=["*"],
                reason="the host reads its group's name; the action has no resource-level permissions",
            ),
        )


def initial_hook(name: str) -> AutoscalingGroupInitialLifecycleHook:
    """The same hook as an argument of a new group, which thus has it before its first host."""
    return AutoscalingGroupInitialLifecycleHook(
        name=name,
        lifecycle_transition=LAUNCHING,
        heartbeat_timeout=WAIT_SECONDS,
        default_result=TIME_IS_UP,
    )
