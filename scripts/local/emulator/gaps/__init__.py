"""Fills the gaps of moto, one file per service, before the server starts.

The test of each gap also runs against moto alone, where it must fail: if a newer moto has the feature, that
test names the file to remove.
"""

from collections.abc import Callable, Collection

from local.emulator.gaps import (
    autoscaling,
    autoscaling_hooks,
    autoscaling_launches,
    autoscaling_replacements,
    cloudwatch_alarms,
    codebuild,
    codebuild_quota,
    codedeploy,
    codedeploy_deployments,
    codedeploy_groups,
    codedeploy_reports,
    codedeploy_targets,
    codepipeline,
    codepipeline_pushes,
    codepipeline_reports,
    connections,
    ec2,
    given_ids,
    s3,
    sns,
)

GAPS: dict[str, Callable[[], None]] = {
    "autoscaling": autoscaling.fill,
    "autoscaling_hooks": autoscaling_hooks.fill,
    "autoscaling_launches": autoscaling_launches.fill,
    "autoscaling_replacements": autoscaling_replacements.fill,
    "cloudwatch_alarms": cloudwatch_alarms.fill,
    "codebuild": codebuild.fill,
    "codebuild_quota": codebuild_quota.fill,
    "codedeploy": codedeploy.fill,
    "codedeploy_deployments": codedeploy_deployments.fill,
    "codedeploy_groups": codedeploy_groups.fill,
    "codedeploy_reports": codedeploy_reports.fill,
    "codedeploy_targets": codedeploy_targets.fill,
    "codepipeline": codepipeline.fill,
    "codepipeline_reports": codepipeline_reports.fill,
    "codepipeline_pushes": codepipeline_pushes.fill,
    "connections": connections.fill,
    "ec2": ec2.fill,
    "given_ids": given_ids.fill,
    "s3": s3.fill,
    "sns": sns.fill,
}


def fill(*, without: Collection[str] = ()) -> None:
    """Fills the gaps, once per process. without: the names of gaps that are left open."""
    for name, fill_one in GAPS.items():
        if name not in without:
            fill_one()
