"""Rules for CodePipeline, for which checkov has hardly any checks."""

from collections.abc import Iterator
from typing import Any

from modules.config.names import Names
from tests.security.rules.rule import Stacks, each, rules, setting
from tests.synthesis import Synthesised

PIPELINE = "aws_codepipeline"


def asks_first(everything: Synthesised) -> Iterator[str]:
    """If the settings require approval, a person approves before anything in the environment changes."""
    wanted = {environment.name for environment in everything.pipeline.environments if environment.approval}
    for stage in _deploying(everything):
        deploys = [each.get("run_order", 1) for each in stage["action"] if each["category"] == "Deploy"]
        asked = [each.get("run_order", 1) for each in stage["action"] if each["provider"] == "Manual"]
        if stage["name"] in wanted and not (asked and min(asked) < min(deploys)):
            yield stage["name"]
        wanted.discard(stage["name"])
    yield from sorted(wanted)


def store_encrypted(everything: Synthesised) -> Iterator[str]:
    """Artifacts are in the service's own bucket, encrypted with the service's own key."""
    names = Names.of(everything.pipeline)
    key = {"type": "KMS", "id": names.pipeline.key_arn or names.arn("kms", names.key_alias)}
    for pipeline in everything.resources(PIPELINE):
        for store in pipeline["artifact_store"]:
            if (store["location"], store.get("encryption_key")) != (names.artifact_bucket, key):
                yield pipeline.path


def built_once(everything: Synthesised) -> Iterator[str]:
    """All environments deploy the artifact of the same build."""
    built = [made for action in _actions(everything) if action["provider"] == "CodeBuild"
             for made in action.get("output_artifacts", ())]  # fmt: skip
    for stage in _deploying(everything):
        for action in stage["action"]:
            if action["category"] == "Deploy" and action["input_artifacts"] != built:
                yield stage["name"]


def _actions(everything: Synthesised) -> Iterator[dict[str, Any]]:
    for pipeline in everything.resources(PIPELINE):
        for stage in pipeline["stage"]:
            yield from stage["action"]


def _deploying(everything: Synthesised) -> list[dict[str, Any]]:
    return [
        stage
        for pipeline in everything.resources(PIPELINE)
        for stage in pipeline["stage"]
        if any(action["category"] == "Deploy" for action in stage["action"])
    ]


def unasked(stacks: Stacks) -> None:
    """Removes the approvals."""
    for pipeline in each(stacks, PIPELINE):
        for stage in pipeline["stage"]:
            stage["action"] = [action for action in stage["action"] if action["provider"] != "Manual"]


def asked_too_late(stacks: Stacks) -> None:
    """Moves the approvals after the deployments."""
    for pipeline in each(stacks, PIPELINE):
        for stage in pipeline["stage"]:
            for action in stage["action"]:
                action["run_order"] = 3 if action["provider"] == "Manual" else 1


def source_deployed(stacks: Stacks) -> None:
    """Deploys the source artifact instead of the revision."""
    for pipeline in each(stacks, PIPELINE):
        for stage in pipeline["stage"]:
            for action in stage["action"]:
                if action["category"] == "Deploy":
                    action["input_artifacts"] = ["Source"]


RULES = rules(
    (asks_first, {"no approval": unasked, "approval after the deployment": asked_too_late}),
    (
        store_encrypted,
        {
            "with S3's key": setting(PIPELINE, artifact_store__encryption_key=None),
            "with another key": setting(
                PIPELINE, artifact_store__encryption_key={"type": "KMS", "id": "alias/aws/s3"}
            ),
            "in another bucket": setting(PIPELINE, artifact_store__location="somebody-elses-bucket"),
        },
    ),
    (built_once, {"the source is deployed": source_deployed}),
)
