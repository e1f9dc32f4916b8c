"""Whether the change of an imported resource is only Terraform's record of it, and nothing in the cloud.

Some arguments tell the provider what to do at a later call, such as force_destroy. No API returns them, so an
import cannot read them: Terraform plans to write them into the state, and counts that as a change.
"""

from collections.abc import Mapping

from plan_review.difference import differences
from plan_review.plan import EMPTY, UNKNOWN, Action, Difference, ResourceChange

RECORDED: Mapping[str, frozenset[str]] = {
    kind: frozenset(names.split())
    for kind, names in {
        "aws_autoscaling_group": "force_delete force_delete_warm_pool ignore_failed_scaling_activities"
        " wait_for_capacity_timeout",
        "aws_cloudwatch_log_group": "skip_destroy",
        "aws_ecr_repository": "force_delete",
        "aws_iam_role": "force_detach_policies",
        "aws_kms_key": "bypass_policy_lockout_safety_check deletion_window_in_days",
        "aws_launch_template": "update_default_version",
        "aws_route53_record": "allow_overwrite",
        "aws_route53_zone": "force_destroy",
        "aws_s3_bucket": "force_destroy",
        "aws_security_group": "revoke_rules_on_delete",
    }.items()
}
"""By type, the arguments that AWS does not store: found by importing each with the AWS provider 5.100.0."""


def only_recorded(change: ResourceChange) -> bool:
    """Whether a resource is imported, and its change is only what an import cannot read."""
    if not change.imported or change.action is not Action.UPDATE:
        return False
    return all(_recorded(change, difference) for difference in differences(change))


def _recorded(change: ResourceChange, difference: Difference) -> bool:
    name = str(difference.path[0])
    if difference.before in EMPTY:
        return name in RECORDED.get(change.type, ()) or difference.after in EMPTY
    return (
        change.type == "aws_launch_template" and name == "default_version" and _is_newest(change, difference)
    )


def _is_newest(change: ResourceChange, difference: Difference) -> bool:
    """Whether update_default_version finds the newest version to be the default already."""
    before = change.before if isinstance(change.before, dict) else {}
    return difference.after is UNKNOWN and before.get("default_version") == before.get("latest_version")
