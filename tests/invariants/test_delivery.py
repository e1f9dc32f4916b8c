"""The pipeline and its builds: what Terraform does not catch and AWS refuses, or runs wrongly."""

import json
import re
from typing import Any

from tests.synthesis import Resource, Synthesised


def pipeline_of(everything: Synthesised) -> Resource:
    (pipeline,) = everything.resources("aws_codepipeline")
    return pipeline


def actions(everything: Synthesised) -> list[dict[str, Any]]:
    return [action for stage in pipeline_of(everything)["stage"] for action in stage["action"]]


def test_names_have_only_the_characters_that_codepipeline_takes(everything: Synthesised) -> None:
    pipeline = pipeline_of(everything)
    names = [
        pipeline["name"],
        *(stage["name"] for stage in pipeline["stage"]),
        *(a["name"] for a in actions(everything)),
    ]
    for name in names:
        assert re.fullmatch(r"[A-Za-z0-9.@_-]{1,100}", name), name
    for action in actions(everything):
        for artifact in [*action.get("input_artifacts", []), *action.get("output_artifacts", [])]:
            assert re.fullmatch(r"[A-Za-z0-9_-]{1,100}", artifact), artifact


def test_every_input_is_an_earlier_actions_output(everything: Synthesised) -> None:
    made: set[str] = set()
    for action in actions(everything):
        assert set(action.get("input_artifacts", [])) <= made, action["name"]
        made |= set(action.get("output_artifacts", []))


def test_no_configuration_value_is_over_a_thousand_characters(everything: Synthesised) -> None:
    for action in actions(everything):
        for key, value in action["configuration"].items():
            assert len(value) <= 1_000, f"{action['name']}: {key}"


def test_a_release_passes_every_environment_in_order_and_asks_where_it_must(everything: Synthesised) -> None:
    _, _, *stages = pipeline_of(everything)["stage"]
    assert [stage["name"] for stage in stages] == [each.name for each in everything.pipeline.environments]
    for stage, environment in zip(stages, everything.pipeline.environments, strict=True):
        kinds = [(action["provider"], action.get("run_order", 1)) for action in stage["action"]]
        release = everything.pipeline.release
        asks = ["Manual"] if environment.approval else []
        runs = ["CodeBuild"] if release and release.command else []
        expected = [*asks, *runs, "CodeDeploy"]
        assert kinds == [(kind, order) for order, kind in enumerate(expected, 1)]


def test_what_is_deployed_was_built_once(everything: Synthesised) -> None:
    deployed = {tuple(a["input_artifacts"]) for a in actions(everything) if a["provider"] == "CodeDeploy"}
    built = [tuple(a["output_artifacts"]) for a in actions(everything) if a.get("output_artifacts")]
    assert list(deployed) == built[1:]  # the first is the source's
    ran = {tuple(a["input_artifacts"]) for a in actions(everything) if a["name"] == "Command"}
    assert ran <= deployed


def test_the_pipeline_is_encrypted_and_waits_for_its_build_and_permissions(everything: Synthesised) -> None:
    pipeline = pipeline_of(everything)
    assert pipeline["pipeline_type"] == "V2"
    assert pipeline["artifact_store"][0]["encryption_key"]["type"] == "KMS"
    builds = {
        f"aws_codebuild_project.{resource.id}"
        for resource in everything.resources("aws_codebuild_project")
        if resource.stack == pipeline.stack
    }
    assert builds
    policies = {
        f"aws_iam_role_policy.{resource.id}"
        for resource in everything.resources("aws_iam_role_policy")
        if resource.stack == pipeline.stack and resource.path.split("/")[1] in ("build", "pipeline")
    }
    assert policies | builds <= set(pipeline["depends_on"])


def test_commits_start_it_through_a_trigger_and_uploads_through_a_rule(everything: Synthesised) -> None:
    pipeline = pipeline_of(everything)
    rules = [
        resource
        for resource in everything.resources("aws_cloudwatch_event_rule")
        if "aws.s3" in resource["event_pattern"]
    ]
    source = pipeline["stage"][0]["action"][0]
    if everything.pipeline.source.s3:
        assert pipeline.get("trigger") in (None, [])
        assert len(rules) == 1
        assert source["configuration"]["PollForSourceChanges"] == "false"
    else:
        (push,) = pipeline["trigger"][0]["git_configuration"]["push"]
        assert rules == []
        assert push["branches"]["includes"] == [everything.pipeline.source.branch]
        assert push["file_paths"]["includes"] == list(everything.pipeline.source.paths)
        assert len(push["file_paths"]["includes"]) <= 8


def test_a_commit_is_handed_to_the_build_where_there_is_one(everything: Synthesised) -> None:
    (build,) = (action for action in actions(everything) if action["name"] == "Build")
    variables = json.loads(build["configuration"].get("EnvironmentVariables", "[]"))
    expected = [] if everything.pipeline.source.s3 else ["#{SourceVariables.CommitId}"]
    assert [variable["value"] for variable in variables] == expected


def test_builds_run_docker_on_their_own_architecture_and_log_to_their_own_group(
    everything: Synthesised,
) -> None:
    for project in everything.resources("aws_codebuild_project"):
        environment = project["environment"]
        expected = {"x86_64": ("LINUX_CONTAINER", "x86_64"), "arm64": ("ARM_CONTAINER", "aarch64")}
        container, word = expected[everything.pipeline.app.architecture]
        assert environment["type"] == container
        assert f"-{word}-" in environment["image"]
        assert environment["privileged_mode"] is True
        groups = {
            resource["name"]
            for resource in everything.resources("aws_cloudwatch_log_group")
            if resource.stack == project.stack
        }
        assert project["logs_config"]["cloudwatch_logs"]["group_name"] in groups
        variables = environment["environment_variable"]
        assert all(variable.get("type", "PLAINTEXT") == "PLAINTEXT" for variable in variables)


def test_commands_run_in_private_subnets_with_the_hosts_security_group(everything: Synthesised) -> None:
    stacks = {
        f"{everything.pipeline.service}-{environment.name}"
        for environment in everything.pipeline.environments
    }
    found = {}
    for project in everything.resources("aws_codebuild_project"):
        if project.stack in stacks:
            network = found[project.stack] = project["vpc_config"]
            assert all("private-" in subnet for subnet in network["subnets"])
            assert [
                "hosts_security-group" in security_group_id_
                for security_group_id_ in network["security_group_ids"]
            ] == [True]
            assert "$${IMAGE" in project["source"]["buildspec"]  # the shell's, not Terraform's
    assert found.keys() == (stacks if everything.pipeline.release else set())
