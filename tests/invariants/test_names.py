"""No two resources want one name, every name is within AWS's limits, and stacks know each other by name."""

import re
from collections import Counter

from tests.synthesis import Synthesised, strings

# docs: REST limits of each service, for what Terraform names here; ``None`` where only the characters matter.
LIMITS: dict[str, tuple[str, str]] = {
    "aws_lb": ("name", r"(?!internal-)[A-Za-z0-9]([A-Za-z0-9-]{0,30}[A-Za-z0-9])?"),
    "aws_lb_target_group": ("name", r"[A-Za-z0-9]([A-Za-z0-9-]{0,30}[A-Za-z0-9])?"),
    "aws_s3_bucket": ("bucket", r"[a-z0-9][a-z0-9-]{1,61}[a-z0-9]"),
    "aws_ecr_repository": ("name", r"[a-z0-9](-?[a-z0-9])+(?<=.{2}).{0,254}"),
    "aws_sns_topic": ("name", r"[A-Za-z0-9_-]{1,256}"),
    "aws_codedeploy_app": ("name", r"[A-Za-z0-9._+=,@-]{1,100}"),
    "aws_codedeploy_deployment_group": ("deployment_group_name", r"[A-Za-z0-9._+=,@-]{1,100}"),
    "aws_codedeploy_deployment_config": ("deployment_config_name", r"[A-Za-z0-9._+=,@-]{1,100}"),
    "aws_codebuild_project": ("name", r"[A-Za-z0-9][A-Za-z0-9_-]{1,149}"),
    "aws_codepipeline": ("name", r"[A-Za-z0-9.@_-]{1,100}"),
    "aws_codestarconnections_connection": ("name", r".{1,32}"),
    "aws_cloudwatch_event_rule": ("name", r"[A-Za-z0-9._-]{1,64}"),
    "aws_cloudwatch_log_group": ("name", r"[A-Za-z0-9_/.#-]{1,512}"),
    "aws_cloudwatch_metric_alarm": ("alarm_name", r".{1,255}"),
    "aws_cloudwatch_dashboard": ("dashboard_name", r"[A-Za-z0-9_-]{1,255}"),
    "aws_iam_role": ("name", r"[A-Za-z0-9+=,.@_-]{1,64}"),
    "aws_iam_instance_profile": ("name", r"[A-Za-z0-9+=,.@_-]{1,128}"),
    "aws_kms_alias": ("name", r"alias/(?!aws/)[A-Za-z0-9/_-]{1,250}"),
}


def test_every_name_is_one_that_aws_takes(everything: Synthesised) -> None:
    for resource in everything.resources(*LIMITS):
        attribute, pattern = LIMITS[resource.type]
        name = resource[attribute]
        assert re.fullmatch(pattern, name), f"{resource.path}: {name!r}"


def test_no_two_resources_want_one_name(everything: Synthesised) -> None:
    wanted = Counter(
        (resource.type, resource[LIMITS[resource.type][0]]) for resource in everything.resources(*LIMITS)
    )
    assert [each for each, times in wanted.items() if times > 1] == []


def test_stacks_read_nothing_from_each_others_state(everything: Synthesised) -> None:
    for name, stack in everything.stacks.items():
        assert not any("terraform_remote_state" in string for string in strings(stack)), name


def test_every_stack_keeps_its_own_state_locked_and_encrypted(everything: Synthesised) -> None:
    keys = set()
    for name, stack in everything.stacks.items():
        backend = stack["terraform"]["backend"]["s3"]
        assert (backend["use_lockfile"], backend["encrypt"]) == (True, True), name
        assert backend["region"] == everything.pipeline.region, name
        keys.add(backend["key"])
    assert len(keys) == len(everything.stacks)


def test_every_stack_works_in_its_own_account_only(everything: Synthesised) -> None:
    for name, stack in everything.stacks.items():
        (provider,) = stack["provider"]["aws"]
        assert provider["allowed_account_ids"] == [everything.pipeline.account], name
        assert provider["default_tags"][0]["tags"]["service"] == everything.pipeline.service, name


def test_environments_wait_for_the_foundation_and_their_platforms_and_delivery_for_the_environments(
    everything: Synthesised,
) -> None:
    service = everything.pipeline.service
    environments = [f"{service}-{environment.name}" for environment in everything.pipeline.environments]
    dependencies = {name: stack["dependencies"] for name, stack in everything.manifest["stacks"].items()}
    assert dependencies.pop(f"{service}-foundation") == []
    assert dependencies.pop(f"{service}-access", []) == []
    assert sorted(dependencies.pop(f"{service}-delivery")) == sorted(environments)
    assert {name: set(needed) for name, needed in dependencies.items()} == {
        name: {f"{service}-foundation", *({environment.platform} & set(environments))}
        for name, environment in zip(environments, everything.pipeline.environments, strict=True)
    }
